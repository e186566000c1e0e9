import type { KubernetesObject } from "./objects";

const name = "sandbox.slipway.dev/fail";

/**
 * Why an object is to fail, on request of a test: the annotation or label `sandbox.slipway.dev/fail`. Its value is the
 * reason, as for the pods that kwok plays.
 */
export function requestedFailure({ metadata }: KubernetesObject): string | undefined {
  return metadata.annotations?.[name] ?? metadata.labels?.[name];
}
