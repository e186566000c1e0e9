import { stringify } from "yaml";
import { compareTexts } from "./order";

// What a reader looks for first stands first, at every depth; all else is in the order of the alphabet.
const leading = ["apiVersion", "kind", "metadata", "name", "namespace"];

/** The YAML of one object: the same text for the same object, whatever order its keys were given in. */
export function manifestText(manifest: Readonly<Record<string, unknown>>): string {
  return stringify(manifest, {
    sortMapEntries: (left, right) => compareKeys(String(left.key), String(right.key)),
    aliasDuplicateObjects: false,
    lineWidth: 0,
    // kubectl and Helm read YAML 1.1, to which a bare on, yes or 0o7 is no text.
    compat: "yaml-1.1",
  });
}

function compareKeys(left: string, right: string): number {
  return rank(left) - rank(right) || compareTexts(left, right);
}

function rank(key: string): number {
  const place = leading.indexOf(key);
  return place === -1 ? leading.length : place;
}
