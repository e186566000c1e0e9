import { contentIdentity } from "./content-name";
import { decidedEdits, joinSecretData, secretEdits, type Decision } from "./decision";
import { diffFields, type FieldChange } from "./field-diff";
import { immutableEdits, type ImmutableEdit } from "./immutable";
import { maskFields } from "./mask";
import { type StackObject } from "./snapshot";

/**
 * What happens to an object. `import`: one that exists in the cluster comes under the stack. `renew`: an object named by its content gives way to the next one, as intended.
 * `readdress`: the object stays the same but its URN does not, and no alias joins the two.
 */
export type Action = "create" | "import" | "update" | "replace" | "renew" | "delete" | "readdress";

/** What happens to an object, in one word. */
export const actionWords: Readonly<Record<Action, string>> = {
  create: "created",
  import: "imported",
  update: "updated",
  replace: "replaced",
  renew: "renewed",
  delete: "deleted",
  readdress: "readdressed",
};

/** One object that changes. */
export interface Change {
  /** What happens to it. */
  readonly action: Action;
  /** It as it will be, or as it was when it goes. */
  readonly object: StackObject;
  /** It as it was; undefined when it is new. */
  readonly before: StackObject | undefined;
  /** It as it will be; undefined when it goes. */
  readonly after: StackObject | undefined;
  /** The fields that differ, when both versions exist; secrets are masked. */
  readonly fields: readonly FieldChange[];
  /** The engine's options that differ, when both versions exist: `protect`, `retainOnDelete`. */
  readonly options: readonly FieldChange[];
  /** The edits that the API server cannot apply to the object in place. */
  readonly immutable: readonly ImmutableEdit[];
}

/** An object that is only in one of two versions of a stack. */
export function single(action: "create" | "import" | "delete", object: StackObject): Change {
  const side =
    action === "delete"
      ? { before: object, after: undefined }
      : { before: undefined, after: object };
  return { action, object, ...side, fields: [], options: [], immutable: [] };
}

/**
 * What becomes of an object that both versions have; undefined when nothing does. Where the engine has decided,
 * its decision counts; else the fields do.
 */
export function compare(
  before: StackObject,
  after: StackObject,
  sameAddress: boolean,
  decision?: Decision,
): Change | undefined {
  const fields = fieldChanges(before, after, decision);
  const options = optionChanges(before, after);
  const nothing = fields.length === 0 && options.length === 0 && sameAddress;
  if (nothing && (decision === undefined || decision.op === "same")) {
    return undefined;
  }
  const known = immutableEdits(before, after, fields);
  const immutable = decision === undefined ? known : decidedEdits(decision, known);
  const action = actionOf(before, after, immutable, sameAddress);
  return {
    action,
    object: after,
    before,
    after,
    fields: maskFields(after, fields),
    options,
    immutable,
  };
}

function fieldChanges(
  before: StackObject,
  after: StackObject,
  decision: Decision | undefined,
): readonly FieldChange[] {
  if (decision?.op === "same") {
    return [];
  }
  const [from, to] = [before.view.raw, after.view.raw];
  const visible = before.fingerprint === after.fingerprint ? [] : diffFields(from, to);
  return decision === undefined
    ? visible
    : [...joinSecretData(visible), ...secretEdits(decision, from, to)];
}

function actionOf(
  before: StackObject,
  after: StackObject,
  immutable: readonly ImmutableEdit[],
  sameAddress: boolean,
): Action {
  if (!sameAddress) {
    return "readdress";
  }
  if (!immutable.some(({ outcome }) => outcome === "replaced")) {
    return "update";
  }
  return isRenewed(before, after) ? "renew" : "replace";
}

function isRenewed(before: StackObject, after: StackObject): boolean {
  const identity = contentIdentity(before);
  return (
    identity !== undefined &&
    identity === contentIdentity(after) &&
    before.view.name !== after.view.name
  );
}

function optionChanges(before: StackObject, after: StackObject): readonly FieldChange[] {
  return (["protect", "retainOnDelete", "deleteBeforeReplace"] as const)
    .filter((option) => before[option] !== after[option])
    .map((option) => ({ path: `(${option})`, before: before[option], after: after[option] }));
}
