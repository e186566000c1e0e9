import type { V1PodDisruptionBudget } from "@kubernetes/client-node";
import { selects, whereIs, type Seen } from "../seen";
import { because, condition, type Check } from "./check";

/** PodDisruptionBudgets that allow no eviction although all of their pods are well. */
export const blockingBudgets: Check = {
  name: "disruption budgets",
  reads: ["budgets", "deployments", "autoscalers", "scaledObjects"],
  find: (seen, { kubectl }) =>
    seen.budgets.flatMap((budget) => {
      const { metadata, spec, status } = budget;
      const where = whereIs("PodDisruptionBudget", metadata);
      const why =
        "No node with one of its pods can be drained: upgrades of the cluster wait for ever.";
      const allowed = condition(status?.conditions, "DisruptionAllowed");
      if (allowed?.reason === "SyncFailed") {
        return [
          {
            severity: "medium" as const,
            where,
            what: `Kubernetes cannot tell how many of its pods may go: ${because(allowed)}`,
            why,
            fix: `${kubectl} describe poddisruptionbudget ${metadata?.name ?? ""} --namespace ${metadata?.namespace ?? ""} names the pods; correct its selector`,
          },
        ];
      }
      const { expectedPods = 0, currentHealthy = 0, disruptionsAllowed = 0 } = status ?? {};
      // Pods that are not well are told by themselves, and so is an autoscaler that is below its floor.
      const isBlocking =
        disruptionsAllowed === 0 && expectedPods > 0 && currentHealthy >= expectedPods;
      if (!isBlocking || expectedPods < floorOf(budget, seen)) {
        return [];
      }
      const asks =
        spec?.minAvailable === undefined
          ? `maxUnavailable: ${String(spec?.maxUnavailable)}`
          : `minAvailable: ${String(spec.minAvailable)}`;
      return [
        {
          severity: "medium" as const,
          where,
          what: `it allows no eviction: ${asks}, and there ${expectedPods === 1 ? "is 1 pod, which is" : `are ${String(expectedPods)} pods, all of them`} healthy`,
          why,
          fix:
            expectedPods === 1
              ? "run at least two pods, or remove the budget: one pod cannot be kept while its node goes"
              : "maxUnavailable: 1 in place of what it asks for",
        },
      ];
    }),
};

/** The least pods that an autoscaler keeps of what a budget covers; 0 where none does. */
function floorOf({ metadata, spec }: V1PodDisruptionBudget, seen: Seen): number {
  const { namespace } = metadata ?? {};
  const covered = seen.deployments.filter(
    (each) =>
      each.metadata?.namespace === namespace &&
      selects(spec?.selector?.matchLabels, each.spec?.template.metadata?.labels),
  );
  const floors = covered.flatMap(({ metadata: { name } = {} }) => [
    ...seen.scaledObjects
      .filter((each) => each.metadata.namespace === namespace)
      .filter((each) => each.spec?.scaleTargetRef?.name === name)
      .map((each) => each.spec?.minReplicaCount ?? 0),
    ...seen.autoscalers
      .filter((each) => each.metadata?.namespace === namespace)
      .filter((each) => each.spec?.scaleTargetRef.name === name)
      .map((each) => each.spec?.minReplicas ?? 1),
  ]);
  return Math.max(0, ...floors);
}
