import { isMap, steps, type Fields } from "../../policy/core/fields";
import { CREATOR, isTakenOver } from "../../sandbox/plugins/kubernetes/change/field-managers";
import {
  listAt,
  textAt,
  type KubeObject,
} from "../../sandbox/plugins/kubernetes/object/kube-object";
import { isPlainMap } from "../../sandbox/plugins/rpc/values";

/** Somebody beside the provider who wrote a field. */
export interface Writer {
  /** The field manager, such as `kubectl-edit`. */
  readonly manager: string;
  /** When, as the API server tells it. */
  readonly time: string;
  /** Whether an update takes the field from them; from anybody else it has to be forced. */
  readonly yields: boolean;
}

/** Who, beside the provider itself, wrote some fields of an object; the last one first. */
export function writersOf(
  object: KubeObject,
  paths: readonly string[],
  fieldManager: string,
): readonly Writer[] {
  return listAt(object, "metadata", "managedFields")
    .filter(isPlainMap)
    .filter(({ manager }) => manager !== fieldManager && manager !== CREATOR)
    .filter(({ fieldsV1 }) => paths.some((path) => owns(fieldsV1, stepsOf(path))))
    .map((entry) => ({
      manager: textAt(entry, "manager"),
      time: textAt(entry, "time"),
      yields: isTakenOver(entry, fieldManager),
    }))
    .sort((a, b) => (a.time < b.time ? 1 : -1));
}

/** A path's keys; an item of a list as `[key]`. */
function stepsOf(path: string): readonly string[] {
  return path
    .split(/(\[[^\]]*\])/)
    .flatMap((part) =>
      part.startsWith("[") && !part.startsWith('["') ? [part] : steps(part).map(String),
    );
}

/** Whether a set of owned fields has a path. https://kubernetes.io/docs/reference/using-api/server-side-apply/ */
function owns(owned: unknown, [step, ...rest]: readonly string[]): boolean {
  if (step === undefined || step === "(order)") {
    return true;
  }
  if (!isMap(owned)) {
    return false;
  }
  if (!step.startsWith("[")) {
    const below = owned[`f:${step}`];
    // A list or map that is owned as a whole has nothing below it.
    return isMap(below) && (Object.keys(below).length === 0 || owns(below, rest));
  }
  return Object.entries(owned).some(
    ([key, below]) => isItem(key, step.slice(1, -1)) && owns(below, rest),
  );
}

/** Whether `k:{"name":"api"}` is the item that a path calls `[api]`. */
function isItem(key: string, name: string): boolean {
  if (!key.startsWith("k:")) {
    return false;
  }
  const parts = Object.values(JSON.parse(key.slice(2)) as Fields).map(String);
  return name.split("/").every((part) => parts.includes(part));
}
