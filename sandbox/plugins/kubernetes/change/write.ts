import { waitUntilReady } from "../await/wait";
import { writtenCondition } from "../await/choose";
import { awaitTimeout } from "../await/timeout";
import { hasReason } from "../client/api-error";
import { PATCH_FORCE } from "../object/annotations";
import { annotationOf, listAt, type KubeObject } from "../object/kube-object";
import { type Session } from "../session";
import { isOwnedByCreator } from "./field-managers";

/** A write that a resource operation asks for. */
export interface WriteArgs {
  /** The resource. */
  readonly urn: string;

  /** The object as the program gives it. */
  readonly inputs: KubeObject;

  /** The name that owns the fields. */
  readonly fieldManager: string;

  /** Whether the server only computes the result. */
  readonly dryRun: boolean;

  /** The engine's time-out in seconds; 0 means none was given. */
  readonly timeoutSeconds: number;
}

/** Waits until a written object is ready; returns it as it then is. */
export async function settle(
  session: Session,
  args: WriteArgs,
  written: KubeObject,
): Promise<KubeObject> {
  const condition = writtenCondition(args.inputs);
  if (args.dryRun || condition === undefined) {
    return written;
  }
  const ready = await waitUntilReady({
    informers: session.cluster.informers,
    written,
    condition,
    timeout: awaitTimeout(args.timeoutSeconds, args.inputs),
    cancelled: session.cancelled,
    onStatus: (status) => session.status(args.urn, status),
  });
  session.status(args.urn, "");
  return ready;
}

/** Whether an apply takes over fields that other managers own. */
export function mustForce(
  session: Session,
  args: WriteArgs,
  live: KubeObject | undefined,
): boolean {
  if (session.settings.patchForce || annotationOf(args.inputs, PATCH_FORCE) === "true") {
    return true;
  }
  // A preview cannot move the fields of the create to the applying manager first, as an update does.
  if (args.dryRun && (live === undefined || isOwnedByCreator(live))) {
    return true;
  }
  return live !== undefined && listAt(live, "metadata", "managedFields").length === 0;
}

/** Explains a conflict with another field manager; any other error stays as it is. */
export function explainConflict(error: unknown, fieldManager: string): unknown {
  if (!hasReason(error, "Conflict")) {
    return error;
  }
  return new Error(
    `server-side apply field conflict detected. The resource managed by field manager ` +
      `"${fieldManager}" had an apply conflict: ${error.message}. Leave the field to the other ` +
      `manager (ignoreChanges), or take it over with the annotation ${PATCH_FORCE}.`,
  );
}
