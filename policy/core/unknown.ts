import { isMap, join, step, type Fields } from "./fields";

/** Thrown when a rule reads a value that the engine does not know yet (an output during a preview). */
export class UnknownValueError extends Error {
  constructor(
    /** Path of the unknown field inside its object. */
    readonly path: string,
  ) {
    super(`the value of ${path} is not known yet`);
    this.name = "UnknownValueError";
  }
}

/**
 * Returns the value with every unknown field turned into a getter that throws `UnknownValueError`:
 * whichever way a rule reads the field, it stops there and the evaluation says so instead of guessing.
 * A value without unknowns is returned as it is.
 */
export function guardUnknowns(
  value: unknown,
  isUnknown: (value: unknown) => boolean,
  path = "",
): unknown {
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    value.forEach((item, index) => define(items, index, item, isUnknown, `${path}[${index}]`));
    return items;
  }
  if (isMap(value)) {
    const map = {};
    for (const [key, item] of Object.entries(value)) {
      define(map, key, item, isUnknown, join(path, step(key).replace(/^\./, "")));
    }
    return map;
  }
  return value;
}

function define(
  target: object,
  key: PropertyKey,
  value: unknown,
  isUnknown: (value: unknown) => boolean,
  path: string,
): void {
  const common = { configurable: true, enumerable: true };
  if (isUnknown(value)) {
    Object.defineProperty(target, key, {
      ...common,
      get: () => {
        throw new UnknownValueError(path);
      },
    });
    return;
  }
  const guarded = guardUnknowns(value, isUnknown, path);
  Object.defineProperty(target, key, { ...common, value: guarded, writable: true });
}

/** Reads a field without stopping at an unknown value, for what every rule needs (names, labels). */
export function peek(map: Fields, key: string): unknown {
  try {
    return map[key];
  } catch (error) {
    if (error instanceof UnknownValueError) {
      return undefined;
    }
    throw error;
  }
}

/** True for a field whose value is not known yet: only `guardUnknowns` makes getters. */
export function isUnknownField(map: Fields, key: string): boolean {
  const { get } = Object.getOwnPropertyDescriptor(map, key) ?? {};
  return get !== undefined;
}

/** Visits every item even when one is unknown, then reports the first unknown one. */
export function visit<Item>(items: Iterable<Item>, judge: (item: Item) => void): void {
  let unknown: UnknownValueError | undefined;
  for (const item of items) {
    try {
      judge(item);
    } catch (error) {
      if (!(error instanceof UnknownValueError)) {
        throw error;
      }
      unknown ??= error;
    }
  }
  if (unknown !== undefined) {
    throw unknown;
  }
}
