import { type KubeObject, at, withoutValue, withValue } from "../object/kube-object";
import { ownsField } from "./field-managers";

/**
 * Prepares inputs for an apply that leaves the fields of `ignoreChanges` alone. A field that only others
 * own (an autoscaler's replicas) is left out, so that applying neither conflicts nor shares it; any
 * other field is sent with its live value, since leaving it out would remove it.
 *
 * @param ignoreChanges property paths; a path into a list is refused
 */
export function keepIgnoredFields(
  inputs: KubeObject,
  live: KubeObject,
  ignoreChanges: readonly string[],
  fieldManager: string,
): KubeObject {
  return ignoreChanges.reduce<KubeObject>((prepared, ignored) => {
    const path = ignored.split(".");
    const isOurs = ownsField(live, path, (manager) => manager === fieldManager);
    const isTheirs = ownsField(live, path, (manager) => manager !== fieldManager);
    if (isTheirs && !isOurs) {
      return withoutValue(prepared, path) as KubeObject;
    }
    const liveValue = at(live, ...path);
    return liveValue === undefined
      ? prepared
      : (withValue(prepared, path, liveValue) as KubeObject);
  }, inputs);
}
