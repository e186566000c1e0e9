import { setTimeout as delay } from "node:timers/promises";
import { hasReason, isNamespaceMissing, NoSuchKind } from "../client/api-error";
import { type KubeObject } from "../object/kube-object";
import { type Session } from "../session";
import { CREATOR } from "./field-managers";
import { explainConflict, mustForce, type WriteArgs } from "./write";

/**
 * The pauses between tries, in milliseconds: half a minute in all for what was created just before. A new
 * custom resource definition shows up in discovery about a second after it is established.
 */
const PAUSES = [250, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000];

/** A preview cannot say more than the inputs, because something it needs is not there yet. */
export class NotPreviewable extends Error {}

/**
 * Creates an object, or computes what would be created. Waits for a namespace or a custom resource
 * definition that is on its way.
 */
export async function createObject(session: Session, args: WriteArgs): Promise<KubeObject> {
  for (const pause of [...PAUSES, undefined]) {
    try {
      return await createOnce(session, args);
    } catch (error) {
      const mayCome = hasReason(error, "NotFound") || error instanceof NoSuchKind;
      if (args.dryRun && isNamespaceMissing(error)) {
        throw new NotPreviewable();
      }
      if (pause === undefined || !mayCome) {
        throw explainCreate(error, args);
      }
      session.status(args.urn, `Creation failed, trying again: ${error.message}`);
      if (error instanceof NoSuchKind) {
        session.cluster.discovery.forget();
      }
      await delay(pause, undefined, { signal: session.cancelled });
    }
  }
  throw new Error(`"${args.urn}" was not created.`);
}

function createOnce(session: Session, args: WriteArgs): Promise<KubeObject> {
  const { objects } = session.cluster;
  const { inputs, dryRun, fieldManager } = args;
  if (session.settings.upsert) {
    const force = mustForce(session, args, undefined);
    return objects.apply(inputs, { dryRun, fieldManager, force });
  }
  return objects.create(inputs, { dryRun, fieldManager: CREATOR });
}

function explainCreate(error: unknown, { urn, inputs, dryRun, fieldManager }: WriteArgs): unknown {
  if (
    dryRun &&
    (hasReason(error, "Forbidden", "AlreadyExists") ||
      (hasReason(error, "BadRequest") && /dry ?run/i.test(error.message)))
  ) {
    return new NotPreviewable();
  }
  if (error instanceof NoSuchKind) {
    return new Error(
      `creation of resource "${urn}" with kind ${inputs.apiVersion}/${inputs.kind} failed because the ` +
        "Kubernetes API server reported that the apiVersion for this resource does not exist. " +
        `Verify that any required CRDs have been created: ${error.message}`,
    );
  }
  const explained = explainConflict(error, fieldManager);
  const message = explained instanceof Error ? explained.message : String(explained);
  const hint = hasReason(error, "AlreadyExists")
    ? "\nThe resource already exists in the cluster. If it was renamed in the program, give it an " +
      "alias; to adopt it, use `pulumi import`; to let creates update existing objects, set " +
      "upsertExistingObjects on the provider."
    : "";
  return new Error(
    `resource "${urn}" was not successfully created by the Kubernetes API server: ${message}${hint}`,
  );
}
