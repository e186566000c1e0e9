import { has, isMap, join, step, type Fields } from "../../policy/core/fields";
import { isOrdered, itemKeys } from "./list-keys";

/** One field that differs between two versions of an object. */
export interface FieldChange {
  /** Where it is: `spec.template.spec.containers[api].image`. List items are named by their key, else by index. */
  readonly path: string;
  /** What it held; undefined when it was not set. */
  readonly before: unknown;
  /** What it holds; undefined when it is no longer set. */
  readonly after: unknown;
}

/** The fields that differ, in the order of their paths' keys. */
export function diffFields(before: unknown, after: unknown): readonly FieldChange[] {
  const found: FieldChange[] = [];
  compare("", "", before, after, found);
  return found;
}

function compare(
  path: string,
  name: string,
  before: unknown,
  after: unknown,
  found: FieldChange[],
): void {
  if (before === after) {
    return;
  }
  if (isMap(before) && isMap(after)) {
    compareMaps(path, before, after, found);
  } else if (Array.isArray(before) && Array.isArray(after)) {
    compareLists(path, name, before, after, found);
  } else {
    found.push({ path, before, after });
  }
}

function compareMaps(path: string, before: Fields, after: Fields, found: FieldChange[]): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const at = path === "" ? step(key).replace(/^\./, "") : path + step(key);
    compare(at, key, own(before, key), own(after, key), found);
  }
}

/** `__proto__` and `constructor` are ordinary keys of a manifest. */
function own(map: Fields, key: string): unknown {
  return has(map, key) ? map[key] : undefined;
}

function compareLists(
  path: string,
  name: string,
  before: readonly unknown[],
  after: readonly unknown[],
  found: FieldChange[],
): void {
  const beforeKeys = itemKeys(name, before);
  const afterKeys = itemKeys(name, after);
  if (beforeKeys !== undefined && afterKeys !== undefined) {
    compareKeyed(path, keyed(beforeKeys, before), keyed(afterKeys, after), found);
    if (isOrdered(name)) {
      compareOrder(path, beforeKeys, afterKeys, found);
    }
  } else if (![...before, ...after].some(isMap)) {
    if (JSON.stringify(before) !== JSON.stringify(after)) {
      found.push({ path, before, after });
    }
  } else {
    compareByContent(path, before, after, found);
  }
}

function keyed(keys: readonly string[], items: readonly unknown[]): ReadonlyMap<string, unknown> {
  return new Map(keys.map((key, index) => [key, items[index]]));
}

function compareKeyed(
  path: string,
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
  found: FieldChange[],
): void {
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    compare(`${path}[${key}]`, "", before.get(key), after.get(key), found);
  }
}

/** Reports a changed order of the items that both versions have. */
function compareOrder(
  path: string,
  before: readonly string[],
  after: readonly string[],
  found: FieldChange[],
): void {
  const stayed = before.filter((key) => after.includes(key));
  const now = after.filter((key) => before.includes(key));
  if (stayed.join("\0") !== now.join("\0")) {
    found.push({ path: join(path, "(order)"), before: stayed, after: now });
  }
}

/** Lists without keys: equal items belong together wherever they stand, the rest in their order. */
function compareByContent(
  path: string,
  before: readonly unknown[],
  after: readonly unknown[],
  found: FieldChange[],
): void {
  const left = remaining(before, after);
  const right = remaining(after, before);
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const from = left[index];
    const to = right[index];
    const at = `${path}[${to?.index ?? from?.index ?? index}]`;
    compare(at, "", from?.item, to?.item, found);
  }
}

function remaining(
  items: readonly unknown[],
  others: readonly unknown[],
): readonly { readonly index: number; readonly item: unknown }[] {
  const counts = new Map<string, number>();
  for (const other of others) {
    const content = JSON.stringify(other);
    counts.set(content, (counts.get(content) ?? 0) + 1);
  }
  return items.flatMap((item, index) => {
    const content = JSON.stringify(item);
    const count = counts.get(content) ?? 0;
    counts.set(content, count - 1);
    return count > 0 ? [] : [{ index, item }];
  });
}
