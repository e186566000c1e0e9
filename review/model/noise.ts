import { type Change } from "./change";
import { contentBase } from "./content-name";
import { type FieldChange } from "./field-diff";

// What a chart or the kit derives from something else that the report already shows.
const derivedPaths: readonly RegExp[] = [
  /\.?annotations\["checksum\/[^"]+"\]$/,
  /\.?annotations\["[^"]*checksum[^"]*"\]$/,
  // Hashes of the images and of the template (components/apps/workload/deployed-state.ts).
  /\.?annotations\["slipway\.dev\/(revision|spec)"\]$/,
  /\.?labels\["helm\.sh\/chart"\]$/,
  /\.?labels\["app\.kubernetes\.io\/version"\]$/,
  /\.?labels\.(version|chart|heritage)$/,
];

/** Says whether a difference only follows from another one: a checksum, a version label, a name made of content. */
export function isNoise({ path, before, after }: FieldChange): boolean {
  return derivedPaths.some((pattern) => pattern.test(path)) || sameContentName(before, after);
}

function sameContentName(before: unknown, after: unknown): boolean {
  if (typeof before !== "string" || typeof after !== "string") {
    return false;
  }
  const base = contentBase(before);
  return base !== undefined && base === contentBase(after);
}

/** Says whether an object differs only in what follows from other changes: labels of a version, checksums. */
export function isQuiet(change: Change): boolean {
  return (
    change.action === "update" &&
    change.options.length === 0 &&
    change.immutable.length === 0 &&
    change.fields.every(isNoise)
  );
}
