import { Unknown, type PlainMap } from "../../rpc/values";
import { isAutonamed, isNamed } from "../object/names";
import { at, nameOf, namespaceOf, withoutValue, withValue } from "../object/kube-object";
import { covers, detailedDiff, type Change } from "./detailed-diff";
import { forceNewFields, type Mutability } from "./force-new";

/** What a change of the inputs does to a resource. */
export interface ResourceDiff {
  /** Every property that changes. */
  readonly changes: readonly Change[];

  /** The paths that replace the object; empty when it is updated in place. */
  readonly replaces: readonly string[];

  /** Whether the old object must go before the new one can take its name. */
  readonly deleteBeforeReplace: boolean;
}

/** What a diff is made from. */
export interface DiffArgs {
  /** The inputs in the state. */
  readonly oldInputs: PlainMap;

  /** The inputs of the program. */
  readonly newInputs: PlainMap;

  /** The object as the server last returned it. */
  readonly live: PlainMap;

  /** Whether objects of the kind live in a namespace. */
  readonly namespaced: boolean;

  /** Paths whose change does not count. */
  readonly ignoreChanges: readonly string[];

  /** Whether data objects may change in place. */
  readonly mutable: Mutability;
}

/** Compares the inputs of two runs. */
export function diffResource(args: DiffArgs): ResourceDiff {
  const newInputs = canonicalNamespace(args.newInputs, args.namespaced);
  const adopted = adoptName(args.oldInputs, args.live, newInputs);
  const oldInputs = canonicalNamespace(adopted, args.namespaced);
  const changes = detailedDiff(
    oldInputs,
    newInputs,
    forceNewFields(newInputs, args.mutable),
  ).filter(({ path }) => !args.ignoreChanges.some((ignored) => covers(ignored, path)));
  const replaces = changes.filter((change) => change.replaces).map(({ path }) => path);
  const sameIdentity =
    nameOf(newInputs) === nameOf(args.live) &&
    namespaceOf(newInputs) === namespaceOf(canonicalNamespace(args.live, args.namespaced));
  return {
    changes,
    replaces,
    deleteBeforeReplace:
      replaces.length > 0 && isNamed(newInputs) && !isAutonamed(newInputs) && sameIdentity,
  };
}

/** A program that names an object as the server already calls it changes nothing. */
function adoptName(oldInputs: PlainMap, live: PlainMap, newInputs: PlainMap): PlainMap {
  return nameOf(newInputs) === "" || nameOf(live) === ""
    ? oldInputs
    : withValue(oldInputs, ["metadata", "name"], nameOf(live));
}

function canonicalNamespace(object: PlainMap, namespaced: boolean): PlainMap {
  if (!namespaced) {
    return withoutValue(object, ["metadata", "namespace"]);
  }
  const isLater = at(object, "metadata", "namespace") instanceof Unknown;
  return namespaceOf(object) === "" && !isLater
    ? withValue(object, ["metadata", "namespace"], "default")
    : object;
}
