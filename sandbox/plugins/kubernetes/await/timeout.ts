import { TIMEOUT_SECONDS } from "../object/annotations";
import { annotationOf } from "../object/kube-object";
import { type PlainMap } from "../../rpc/values";

/** The official provider's default for every kind, in seconds. */
const DEFAULT_SECONDS = 600;

/**
 * How long to wait, in milliseconds: the resource's customTimeouts, else its annotation, else ten minutes.
 *
 * @param customSeconds the engine's time-out; 0 means none was given
 */
export function awaitTimeout(customSeconds: number, inputs: PlainMap): number {
  if (customSeconds > 0) {
    return customSeconds * 1000;
  }
  const annotated = Number.parseInt(annotationOf(inputs, TIMEOUT_SECONDS), 10);
  return (Number.isNaN(annotated) ? DEFAULT_SECONDS : annotated) * 1000;
}
