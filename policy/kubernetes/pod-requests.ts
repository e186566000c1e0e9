import { type PodView } from "../core/pod";

/**
 * What a pod asks of its node, in base units: the containers that run together, or the largest plain init
 * container when that is more.
 * https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
 */
export function podAmount(pod: PodView, part: "request" | "limit", resource: string): number {
  let running = 0;
  let largestInit = 0;
  for (const container of pod.containers) {
    const amount = container[part](resource) ?? 0;
    if (container.role === "init") {
      largestInit = Math.max(largestInit, amount);
    } else if (container.role !== "ephemeral") {
      running += amount;
    }
  }
  return Math.max(running, largestInit);
}
