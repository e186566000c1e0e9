import { diffFields, type FieldChange } from "./field-diff";
import { immutableEdits, type ImmutableEdit } from "./immutable";
import { contentIdentity } from "./content-name";
import { maskFields } from "./mask";
import { type StackObject } from "./snapshot";

/**
 * What happens to an object. `renew`: an object named by its content gives way to the next one, as intended.
 * `readdress`: the object stays the same but its URN does not, and no alias joins the two.
 */
export type Action = "create" | "update" | "replace" | "renew" | "delete" | "readdress";

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
export function single(action: "create" | "delete", object: StackObject): Change {
  const side =
    action === "create"
      ? { before: undefined, after: object }
      : { before: object, after: undefined };
  return { action, object, ...side, fields: [], options: [], immutable: [] };
}

/** What becomes of an object that both versions have; undefined when nothing does. */
export function compare(
  before: StackObject,
  after: StackObject,
  sameAddress: boolean,
): Change | undefined {
  const fields =
    before.fingerprint === after.fingerprint ? [] : diffFields(before.view.raw, after.view.raw);
  const options = optionChanges(before, after);
  if (fields.length === 0 && options.length === 0 && sameAddress) {
    return undefined;
  }
  const immutable = immutableEdits(before, after, fields);
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
