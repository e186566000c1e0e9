/** A map of a manifest whose values nobody has checked yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** A map that a remediation may change. */
export type MutableFields = Record<string, unknown>;

const NOTHING: Fields = Object.freeze(Object.create(null) as Fields);
const EMPTY: readonly never[] = Object.freeze([]);

export function isMap(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as a map; anything else counts as an empty map, so that reading on is always safe. */
export function fields(value: unknown): Fields {
  return isMap(value) ? value : NOTHING;
}

/** The value as a list; anything else counts as an empty list. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : EMPTY;
}

/** The value as a list of maps; an item of another type becomes an empty map, so indices stay true. */
export function maps(value: unknown): readonly Fields[] {
  if (!Array.isArray(value)) {
    return EMPTY;
  }
  return value.every(isMap) ? (value as Fields[]) : value.map(fields);
}

/** The strings of a list. */
export function strings(value: unknown): readonly string[] {
  return list(value).filter((item): item is string => typeof item === "string");
}

export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** A scalar as it was written; empty for a list or a map, which may not even have a text. */
export function scalarText(value: unknown): string {
  return typeof value === "object" || typeof value === "function" || value === undefined
    ? ""
    : String(value);
}

export function number(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** True when the map has the key itself (`__proto__` and `constructor` are ordinary keys of a manifest). */
export function has(map: Fields, key: string): boolean {
  return Object.hasOwn(map, key);
}

/** One step of a field's path, quoted when the key itself contains a dot or a bracket. */
export function step(key: string): string {
  return /^[\w-]+$/.test(key) ? `.${key}` : `["${key}"]`;
}

/** Joins a base path and a relative one; either may be empty. */
export function join(base: string, relative: string): string {
  if (base === "" || relative === "") {
    return base + relative;
  }
  return relative.startsWith("[") ? base + relative : `${base}.${relative}`;
}

/** Splits a path as `join` and `step` write it into its keys and indices. */
export function steps(path: string): (string | number)[] {
  const found: (string | number)[] = [];
  for (const match of path.matchAll(/\["([^"]*)"\]|\[(\d+)\]|([^.[\]]+)/g)) {
    const [, quoted, index, plain] = match;
    found.push(index === undefined ? (quoted ?? plain ?? "") : Number(index));
  }
  return found;
}
