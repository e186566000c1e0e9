import { isDeepStrictEqual } from "node:util";
import { isPlainMap, type Plain, type PlainMap } from "../../rpc/values";
import { withoutValue } from "../object/kube-object";

/**
 * The inputs as they would have to be for the object to be as it is now: the program's fields with what
 * changed on the cluster since the last write. A value the server only spells in another way (1000m as
 * 1, say) has not changed, and keeps the program's spelling.
 *
 * @param inputs what the program asked for
 * @param before the object as the last write returned it
 * @param now the object as it is
 */
export function liveInputs(inputs: PlainMap, before: PlainMap, now: PlainMap): PlainMap {
  const merged: PlainMap = {};
  for (const [key, input] of Object.entries(inputs)) {
    const value = liveInput(input, before[key], now[key]);
    if (value !== undefined) {
      merged[key] = value;
    }
  }
  return merged;
}

function liveInput(
  input: Plain,
  before: Plain | undefined,
  now: Plain | undefined,
): Plain | undefined {
  if (isDeepStrictEqual(before, now)) {
    return input;
  }
  if (isPlainMap(input) && isPlainMap(now)) {
    return liveInputs(input, isPlainMap(before) ? before : {}, now);
  }
  if (Array.isArray(input) && Array.isArray(now)) {
    const [inputs, nows] = [input as readonly Plain[], now as readonly Plain[]];
    const befores = Array.isArray(before) ? (before as readonly Plain[]) : [];
    return nows.length === inputs.length
      ? inputs.map((item, i) => liveInput(item, befores[i], nows[i]) ?? null)
      : nows;
  }
  return now;
}

/** Fields of metadata that a program does not set. */
const SERVER_SIDE = ["creationTimestamp", "generation", "managedFields", "resourceVersion", "uid"];
const SERVER_ANNOTATIONS = [
  "deployment.kubernetes.io/revision",
  "kubectl.kubernetes.io/last-applied-configuration",
];

/** The inputs of an object that no program wrote: everything but what the server alone writes. */
export function adoptedInputs(live: PlainMap): PlainMap {
  const paths = [
    ["status"],
    ...SERVER_SIDE.map((field) => ["metadata", field]),
    ...SERVER_ANNOTATIONS.map((annotation) => ["metadata", "annotations", annotation]),
  ];
  return paths.reduce((inputs, path) => withoutValue(inputs, path), live);
}
