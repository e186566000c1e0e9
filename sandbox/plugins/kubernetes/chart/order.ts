import { groupOf } from "../object/built-in-kinds";
import {
  annotationOf,
  isCustomResourceDefinition,
  nameOf,
  namespaceOf,
  textAt,
  type KubeObject,
} from "../object/kube-object";

const DEPENDS_ON = "config.kubernetes.io/depends-on";

/**
 * Tells which objects of a chart must exist before which: a namespace before what lives in it, a custom
 * resource definition before the custom resources, and what the annotation
 * config.kubernetes.io/depends-on names.
 */
export function dependencies(
  objects: readonly KubeObject[],
): ReadonlyMap<KubeObject, readonly KubeObject[]> {
  return new Map(
    objects.map((object) => [
      object,
      objects.filter((other) => other !== object && isNeededBy(other, object)),
    ]),
  );
}

/** Sorts objects into waves: everything an object depends on is in an earlier wave. */
export function waves(
  dependsOn: ReadonlyMap<KubeObject, readonly KubeObject[]>,
): readonly (readonly KubeObject[])[] {
  const placed = new Set<KubeObject>();
  const sorted: (readonly KubeObject[])[] = [];
  while (placed.size < dependsOn.size) {
    const wave = [...dependsOn]
      .filter(([object, needed]) => !placed.has(object) && needed.every((n) => placed.has(n)))
      .map(([object]) => object);
    if (wave.length === 0) {
      const stuck = [...dependsOn.keys()].filter((object) => !placed.has(object));
      throw new Error(
        `The chart's objects depend on each other in a circle: ${stuck.map(label).join(", ")}. ` +
          `Look at their annotations ${DEPENDS_ON}.`,
      );
    }
    wave.forEach((object) => placed.add(object));
    sorted.push(wave);
  }
  return sorted;
}

function isNeededBy(other: KubeObject, object: KubeObject): boolean {
  if (other.kind === "Namespace" && other.apiVersion === "v1") {
    return nameOf(other) === namespaceOf(object) || isNamed(other, object);
  }
  if (isCustomResourceDefinition(other)) {
    return (
      (textAt(other, "spec", "group") === groupOf(object.apiVersion) &&
        textAt(other, "spec", "names", "kind") === object.kind) ||
      isNamed(other, object)
    );
  }
  return isNamed(other, object);
}

/** Whether the object's annotation names the other one. */
function isNamed(other: KubeObject, object: KubeObject): boolean {
  const annotation = annotationOf(object, DEPENDS_ON);
  return (
    annotation !== "" &&
    annotation
      .split(",")
      .map((reference) => reference.trim())
      .includes(reference(other))
  );
}

/** `group/kind/name`, or `group/namespaces/namespace/kind/name`. */
function reference(object: KubeObject): string {
  const namespace = namespaceOf(object);
  const place = namespace === "" ? [] : ["namespaces", namespace];
  return [groupOf(object.apiVersion), ...place, object.kind, nameOf(object)].join("/");
}

function label(object: KubeObject): string {
  return `${object.kind} ${nameOf(object)}`;
}
