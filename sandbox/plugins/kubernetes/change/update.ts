import { hasReason } from "../client/api-error";
import {
  isCustomResourceDefinition,
  textAt,
  withValue,
  type KubeObject,
} from "../object/kube-object";
import { type Session } from "../session";
import { takeOverFields } from "./field-managers";
import { keepIgnoredFields } from "./ignored-fields";
import { explainConflict, mustForce, type WriteArgs } from "./write";

/** How often taking over fields is tried when others write at the same time. */
const TRIES = 5;

/** An update, in what it has beside other writes. */
export interface UpdateArgs extends WriteArgs {
  /** Paths that keep their live value. */
  readonly ignoreChanges: readonly string[];
}

/** Brings an object to its new inputs, or computes what that would give. */
export async function updateObject(session: Session, args: UpdateArgs): Promise<KubeObject> {
  const previous = await session.cluster.objects.get(args.inputs);
  return isCustomResourceDefinition(args.inputs)
    ? replaceDefinition(session, args, previous)
    : applyObject(session, args, previous);
}

/** A definition is replaced as a whole, so that versions and schemas the program dropped are gone. */
function replaceDefinition(
  session: Session,
  { inputs, dryRun, fieldManager }: UpdateArgs,
  previous: KubeObject,
): Promise<KubeObject> {
  const version = textAt(previous, "metadata", "resourceVersion");
  const versioned = withValue(inputs, ["metadata", "resourceVersion"], version) as KubeObject;
  return session.cluster.objects.replace(versioned, { dryRun, fieldManager });
}

async function applyObject(
  session: Session,
  args: UpdateArgs,
  previous: KubeObject,
): Promise<KubeObject> {
  const { fieldManager, dryRun } = args;
  const live = dryRun ? previous : await takeOver(session, previous, fieldManager);
  const inputs = keepIgnoredFields(args.inputs, live, args.ignoreChanges, fieldManager);
  const force = mustForce(session, args, live);
  try {
    return await session.cluster.objects.apply(inputs, { dryRun, fieldManager, force });
  } catch (error) {
    throw explainConflict(error, fieldManager);
  }
}

async function takeOver(
  session: Session,
  previous: KubeObject,
  fieldManager: string,
): Promise<KubeObject> {
  const { objects } = session.cluster;
  let live = previous;
  for (let tries = 1; ; tries++) {
    const patch = takeOverFields(live, fieldManager);
    if (patch.length === 0) {
      return live;
    }
    try {
      return await objects.jsonPatch(live, patch);
    } catch (error) {
      if (!hasReason(error, "Conflict") || tries === TRIES) {
        throw error;
      }
      live = await objects.get(live);
    }
  }
}
