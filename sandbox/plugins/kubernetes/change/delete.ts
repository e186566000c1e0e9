import { waitUntilGone } from "../await/gone";
import { awaitTimeout } from "../await/timeout";
import { hasReason, NoSuchKind } from "../client/api-error";
import { type Propagation } from "../client/objects";
import { DELETION_PROPAGATION, SKIP_AWAIT } from "../object/annotations";
import { annotationOf, type KubeObject } from "../object/kube-object";
import { type Session } from "../session";
import { type PlainMap } from "../../rpc/values";

/** A deletion that a resource operation asks for. */
export interface DeleteArgs {
  /** The resource. */
  readonly urn: string;

  /** The object as the program gave it. */
  readonly inputs: PlainMap;

  /** The object as the server last returned it. */
  readonly live: KubeObject;

  /** The engine's time-out in seconds; 0 means none was given. */
  readonly timeoutSeconds: number;
}

/** The kinds whose skipAwait also covers their deletion, as in the official provider. */
const DELETED_WITHOUT_WAITING: ReadonlySet<string> = new Set([
  "v1/Namespace",
  "v1/Pod",
  "v1/ReplicationController",
  "apps/v1/DaemonSet",
  "apps/v1/Deployment",
  "apps/v1/StatefulSet",
  "batch/v1/Job",
]);

/** Deletes an object and what belongs to it, and waits until it is gone. */
export async function deleteObject(session: Session, args: DeleteArgs): Promise<void> {
  const { live, inputs, urn } = args;
  const { objects, informers, discovery } = session.cluster;
  try {
    await objects.delete(live, propagation(inputs));
  } catch (error) {
    // The object, or its whole kind, went some other way.
    if (hasReason(error, "NotFound") || error instanceof NoSuchKind) {
      return;
    }
    throw error;
  }
  const key = `${live.apiVersion}/${live.kind}`;
  if (annotationOf(inputs, SKIP_AWAIT) !== "true" || !DELETED_WITHOUT_WAITING.has(key)) {
    await waitUntilGone({
      informers,
      objects,
      object: live,
      timeout: awaitTimeout(args.timeoutSeconds, inputs),
      cancelled: session.cancelled,
      onStatus: (status) => session.status(urn, status),
    });
    session.status(urn, "");
  }
  if (live.kind === "CustomResourceDefinition") {
    discovery.forget();
  }
}

function propagation(inputs: PlainMap): Propagation {
  switch (annotationOf(inputs, DELETION_PROPAGATION).toLowerCase()) {
    case "orphan":
      return "Orphan";
    case "background":
      return "Background";
    default:
      return "Foreground";
  }
}
