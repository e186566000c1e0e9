import { createHash } from "node:crypto";

/** What an object's file is named after. */
export interface NamedObject {
  /** The URN, which tells apart what would have the same name. */
  readonly urn: string;
  /** The object's kind. */
  readonly kind: string;
  /** The object's namespace; null for an object of the cluster. */
  readonly namespace: string | null;
  /** The object's name. */
  readonly name: string;
}

/** The folder of objects that belong to no namespace; no namespace can have this name. */
const clusterFolder = "_cluster";
// File systems allow 255 bytes; a kind and a name may be longer together.
const longest = 200;

/**
 * One path per object, in their order: `<namespace>/<kind>-<name>.yaml`. Letters are lower case, because some
 * file systems do not tell them apart; objects that would share a path get the start of their URN's hash.
 */
export function fileNames(objects: readonly NamedObject[]): readonly string[] {
  const stems = objects.map(stem);
  const counts = new Map<string, number>();
  for (const each of stems) {
    counts.set(each, (counts.get(each) ?? 0) + 1);
  }
  return objects.map(({ urn }, index) => {
    const each = stems[index] ?? "";
    const alone = counts.get(each) === 1 && each.length <= longest;
    return alone ? `${each}.yaml` : `${each.slice(0, longest)}-${shortHash(urn)}.yaml`;
  });
}

function stem({ kind, namespace, name }: NamedObject): string {
  const folder = namespace === null ? clusterFolder : safe(namespace);
  return `${folder}/${safe(kind)}-${safe(name)}`;
}

/** Names of RBAC objects may hold colons, which Windows does not allow; a leading dot would hide the file. */
function safe(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9.-]/g, "_")
    .replace(/^\./, "_");
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
