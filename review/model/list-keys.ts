import { fields, isMap, text, type Fields } from "../../policy/core/fields";

/** Fields that tell the items of a list apart, tried in order; an item's key is all of one entry's fields. */
const keys: Readonly<Record<string, readonly string[]>> = {
  ports: ["containerPort", "port", "protocol"],
  volumeMounts: ["mountPath"],
  volumeDevices: ["devicePath"],
  topologySpreadConstraints: ["topologyKey", "whenUnsatisfiable"],
  hostAliases: ["ip"],
  rules: ["host"],
  paths: ["path", "pathType"],
  subjects: ["kind", "namespace", "name"],
  conditions: ["type"],
  dataFrom: [],
  data: ["secretKey"],
};

/** Lists whose order decides what happens. */
const ordered: ReadonlySet<string> = new Set([
  "initContainers",
  "env",
  "envFrom",
  "command",
  "args",
]);

/** Says whether the order of a list is part of its meaning. */
export function isOrdered(name: string): boolean {
  return ordered.has(name);
}

/**
 * The keys by which items of two versions of a list belong together, as the API server merges them; undefined
 * when they have none, or not every item has one of its own.
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
export function itemKeys(name: string, items: readonly unknown[]): readonly string[] | undefined {
  if (items.length === 0) {
    return [];
  }
  if (!items.every(isMap)) {
    return undefined;
  }
  const found = items.map((item) => itemKey(name, item));
  const complete = found.every((key): key is string => key !== undefined);
  return complete && new Set(found).size === found.length ? found : undefined;
}

function itemKey(name: string, item: Fields): string | undefined {
  const wanted = keys[name];
  if (wanted !== undefined) {
    const parts = wanted.map((field) => item[field]).filter(isScalar);
    return parts.length === 0 ? undefined : parts.join("/");
  }
  // Claim templates and embedded objects carry their name in their metadata.
  return text(item["name"]) ?? text(fields(item["metadata"])["name"]);
}

function isScalar(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}
