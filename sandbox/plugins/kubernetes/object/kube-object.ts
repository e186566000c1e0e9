import { isPlainMap, type Plain, type PlainMap } from "../../rpc/values";

/** A Kubernetes object. In a preview, values the engine does not know yet may occur anywhere but here. */
export interface KubeObject extends PlainMap {
  /** Group and version, such as apps/v1. */
  apiVersion: string;

  /** The kind, such as Deployment. */
  kind: string;
}

/** The value at a path, or undefined when some part of the path is missing. */
export function at(object: Plain | undefined, ...path: readonly string[]): Plain | undefined {
  let current: Plain | undefined = object;
  for (const key of path) {
    if (!isPlainMap(current)) {
      return undefined;
    }
    current = current[key];
  }
  return current;
}

/** The text at a path, or an empty one. */
export function textAt(object: Plain | undefined, ...path: readonly string[]): string {
  const value = at(object, ...path);
  return typeof value === "string" ? value : "";
}

/** The number at a path, or undefined. */
export function numberAt(
  object: Plain | undefined,
  ...path: readonly string[]
): number | undefined {
  const value = at(object, ...path);
  return typeof value === "number" ? value : undefined;
}

/** The list at a path, or an empty one. */
export function listAt(object: Plain | undefined, ...path: readonly string[]): readonly Plain[] {
  const value = at(object, ...path);
  return Array.isArray(value) ? (value as readonly Plain[]) : [];
}

/** A copy with a value at a path; missing parts of the path are made. */
export function withValue(object: PlainMap, path: readonly string[], value: Plain): PlainMap {
  const [key, ...rest] = path;
  if (key === undefined) {
    return object;
  }
  const child = object[key];
  const inner = rest.length === 0 ? value : withValue(isPlainMap(child) ? child : {}, rest, value);
  return { ...object, [key]: inner };
}

/** A copy without the value at a path. */
export function withoutValue(object: PlainMap, path: readonly string[]): PlainMap {
  const [key, ...rest] = path;
  if (key === undefined || !(key in object)) {
    return object;
  }
  if (rest.length === 0) {
    return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
  }
  const child = object[key];
  return isPlainMap(child) ? { ...object, [key]: withoutValue(child, rest) } : object;
}

export function nameOf(object: PlainMap): string {
  return textAt(object, "metadata", "name");
}

export function namespaceOf(object: PlainMap): string {
  return textAt(object, "metadata", "namespace");
}

/** The resource's id: `namespace/name`, or the name alone. */
export function idOf(object: PlainMap): string {
  const namespace = namespaceOf(object);
  return namespace === "" ? nameOf(object) : `${namespace}/${nameOf(object)}`;
}

export function annotationOf(object: PlainMap, annotation: string): string {
  return textAt(object, "metadata", "annotations", annotation);
}

export function isOwnedBy(object: PlainMap, owner: PlainMap): boolean {
  const uid = textAt(owner, "metadata", "uid");
  return (
    uid !== "" &&
    listAt(object, "metadata", "ownerReferences").some(
      (reference) => textAt(reference, "uid") === uid,
    )
  );
}

export function isCustomResourceDefinition(object: PlainMap): boolean {
  return (
    object["kind"] === "CustomResourceDefinition" &&
    textAt(object, "apiVersion").startsWith("apiextensions.k8s.io/")
  );
}

export function isSecret(object: PlainMap): boolean {
  return object["kind"] === "Secret" && object["apiVersion"] === "v1";
}

export function isConfigMap(object: PlainMap): boolean {
  return object["kind"] === "ConfigMap" && object["apiVersion"] === "v1";
}
