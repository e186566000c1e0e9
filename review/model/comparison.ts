import { compareText } from "./order";
import { compare, single, type Change } from "./change";
import { contentIdentity } from "./content-name";
import { identityOf, titleOf, type Snapshot, type StackObject } from "./snapshot";

/** Two versions of a stack and what differs. */
export interface Comparison {
  /** The stack as it is. */
  readonly base: Snapshot;
  /** The stack as it would be. */
  readonly head: Snapshot;
  /** Every object that changes, ordered by namespace, kind and name. */
  readonly changes: readonly Change[];
  /** Whether it is known which object waits for which. */
  readonly ordered: boolean;
}

/**
 * Compares two versions of a stack. Objects belong together by their URN or one of its aliases, as the engine
 * sees it; what is left by what the cluster calls them; and what is left then by the part of their name before
 * a hash of the content.
 */
export function compareStacks(base: Snapshot, head: Snapshot): Comparison {
  const gone = new Set(base.objects);
  const changes: Change[] = [];
  const pair = (before: StackObject, after: StackObject, sameAddress: boolean): void => {
    gone.delete(before);
    const change = compare(before, after, sameAddress);
    if (change !== undefined) {
      changes.push(change);
    }
  };

  const unknown: StackObject[] = [];
  for (const after of head.objects) {
    const before = [after.urn, ...after.aliases]
      .map((urn) => base.at(urn))
      .find((found) => found !== undefined && gone.has(found));
    if (before === undefined) {
      unknown.push(after);
    } else {
      pair(before, after, true);
    }
  }
  changes.push(...unpaired(unknown, gone));
  return { base, head, changes: changes.sort(byPlace), ordered: true };
}

/**
 * What becomes of objects that have no partner by their URN: those with the same place in the cluster are
 * readdressed, those with the same name before a hash of their content are renewed, the rest come and go.
 */
export function unpaired(
  fresh: readonly StackObject[],
  gone: ReadonlySet<StackObject>,
): readonly Change[] {
  const left = new Set(gone);
  const changes: Change[] = [];
  const pair =
    (sameAddress: boolean) =>
    (before: StackObject, after: StackObject): void => {
      left.delete(before);
      const change = compare(before, after, sameAddress);
      if (change !== undefined) {
        changes.push(change);
      }
    };
  const unknown = pairBy(fresh, left, identityOf, pair(false));
  const created = pairBy(unknown, left, contentIdentity, pair(true));
  return [
    ...changes,
    ...created.map((object) => single("create", object)),
    ...[...left].map((object) => single("delete", object)),
  ];
}

/** Pairs what has the same key, and returns what found no partner. */
function pairBy(
  objects: readonly StackObject[],
  gone: ReadonlySet<StackObject>,
  key: (object: StackObject) => string | undefined,
  pair: (before: StackObject, after: StackObject) => void,
): readonly StackObject[] {
  const partners = new Map<string, StackObject>();
  for (const object of gone) {
    const found = key(object);
    if (found !== undefined && !partners.has(found)) {
      partners.set(found, object);
    }
  }
  return objects.filter((after) => {
    const found = key(after);
    const before = found === undefined ? undefined : partners.get(found);
    if (found === undefined || before === undefined) {
      return true;
    }
    partners.delete(found);
    pair(before, after);
    return false;
  });
}

/** The order of changes: by namespace, kind and name. */
export function byPlace(left: Change, right: Change): number {
  return (
    compareText(left.object.view.namespace, right.object.view.namespace) ||
    compareText(titleOf(left.object), titleOf(right.object)) ||
    compareText(left.object.urn, right.object.urn)
  );
}
