import { isDeepStrictEqual } from "node:util";
import { isPlainMap, Unknown, type Plain, type PlainMap } from "../../rpc/values";

/** What happens to one property. */
export type ChangeKind = "add" | "delete" | "update";

/** A change of one property. */
export interface Change {
  /** The property's path, such as `spec.template.spec.containers[0].image`. */
  readonly path: string;

  /** What happens to it. */
  readonly kind: ChangeKind;

  /** Whether it replaces the object. */
  readonly replaces: boolean;
}

/** A part of a path: the key of a map or the index of a list. */
export type Step = string | number;

/**
 * Compares two versions of an object, down to the single values that differ.
 *
 * @param forceNew the fields whose change replaces the object, such as `.spec.containers[*].image`
 */
export function detailedDiff(
  olds: PlainMap,
  news: PlainMap,
  forceNew: readonly string[],
): readonly Change[] {
  const patterns = forceNew.map(parsePattern);
  const changes: Change[] = [];
  const report = (steps: readonly Step[], kind: ChangeKind, value: Plain | undefined): void => {
    const replaces = patterns.some((pattern) => matches(pattern, steps, value));
    changes.push({ path: formatPath(steps), kind, replaces });
  };
  compare([], olds, news, report);
  return changes;
}

type Report = (steps: readonly Step[], kind: ChangeKind, value: Plain | undefined) => void;

function compare(
  steps: readonly Step[],
  old: Plain | undefined,
  now: Plain | undefined,
  report: Report,
): void {
  if (now === undefined) {
    if (old !== undefined) {
      report(steps, "delete", old);
    }
  } else if (old === undefined) {
    report(steps, "add", now);
  } else if (isPlainMap(old) && isPlainMap(now)) {
    for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
      compare([...steps, key], old[key], now[key], report);
    }
  } else if (Array.isArray(old) && Array.isArray(now)) {
    const [olds, news] = [old as readonly Plain[], now as readonly Plain[]];
    for (let index = 0; index < Math.max(olds.length, news.length); index++) {
      compare([...steps, index], olds[index], news[index], report);
    }
  } else if (now instanceof Unknown || !isDeepStrictEqual(old, now)) {
    report(steps, "update", now);
  }
}

/** Writes a path the way Pulumi's property paths are written. */
export function formatPath(steps: readonly Step[]): string {
  return steps.reduce<string>((path, step) => {
    if (typeof step === "number") {
      return `${path}[${step}]`;
    }
    if (/[."[\]]/.test(step)) {
      return `${path}["${step.replaceAll('"', '\\"')}"]`;
    }
    return path === "" ? step : `${path}.${step}`;
  }, "");
}

/** Reads a property path; the inverse of `formatPath`, with `[*]` for every element. */
export function parsePath(path: string): readonly Step[] {
  const parts = path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.[\]]+)/g);
  return [...parts].map(([, quoted, index, key]) => {
    if (quoted !== undefined) {
      return quoted.replaceAll('\\"', '"');
    }
    if (index !== undefined) {
      return index === "*" ? index : Number(index);
    }
    return key ?? "";
  });
}

/** Whether a path of `ignoreChanges` covers a changed path. */
export function covers(ignored: string, changed: string): boolean {
  const pattern = parsePath(ignored);
  const steps = parsePath(changed);
  return (
    pattern.length <= steps.length && pattern.every((part, i) => part === "*" || part === steps[i])
  );
}

function parsePattern(pattern: string): readonly Step[] {
  return parsePath(pattern.replace(/^\./, ""));
}

/** A pattern matches a change at it, below it, or above it when the changed value holds it. */
function matches(
  pattern: readonly Step[],
  steps: readonly Step[],
  value: Plain | undefined,
): boolean {
  const shared = Math.min(pattern.length, steps.length);
  const agrees = pattern
    .slice(0, shared)
    .every((part, i) => part === steps[i] || (part === "*" && typeof steps[i] === "number"));
  return agrees && holds(value, pattern.slice(shared));
}

function holds(value: Plain | undefined, rest: readonly Step[]): boolean {
  const [step, ...deeper] = rest;
  if (step === undefined) {
    return true;
  }
  if (step === "*") {
    return Array.isArray(value) && (value as readonly Plain[]).some((item) => holds(item, deeper));
  }
  return isPlainMap(value) && step in value && holds(value[step], deeper);
}
