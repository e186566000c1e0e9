import { fields, has, maps } from "../../policy/core/fields";
import { type ObjectView } from "../../policy/core/object";
import { type ContainerView } from "../../policy/core/pod";
import { type AmountName } from "../model/footprint";
import { type Comparison } from "../model/comparison";
import { type Risk, riskOf } from "../model/risk";
import { type Snapshot } from "../model/snapshot";
import { quotaOf, words } from "./capacity";

/** What a container has to state for each amount that a quota may limit; pods are counted without their help. */
const stated: Readonly<
  Record<Exclude<AmountName, "pods">, readonly ["request" | "limit", "cpu" | "memory"]>
> = {
  cpuRequests: ["request", "cpu"],
  cpuLimits: ["limit", "cpu"],
  memoryRequests: ["request", "memory"],
  memoryLimits: ["limit", "memory"],
};

/**
 * Why the quota of its namespace refuses the pods of a workload: a quota of requests or limits takes only pods whose
 * containers all state theirs, or get them from a LimitRange. None when it takes them.
 * https://kubernetes.io/docs/concepts/policy/resource-quotas/#requests-compared-to-limits
 */
export function quotaRefusals(view: ObjectView, snapshot: Snapshot): readonly string[] {
  const allowed = quotaOf(snapshot, view.namespace);
  return (Object.keys(stated) as (keyof typeof stated)[])
    .filter((name) => allowed[name] !== undefined)
    .flatMap((name) => {
      const silent = (view.pod?.containers ?? []).filter(
        (container) => !states(container, name) && !isDefaulted(snapshot, view.namespace, name),
      );
      return silent.length === 0
        ? []
        : [
            `the quota of ${view.namespace} takes no pod without ${words[name]}, which ${silent.map((container) => `container ${container.name}`).join(", ")} does not state`,
          ];
    });
}

/** New workloads whose pods a quota refuses; those that restart are told with their restart. */
export function refusedPods({ head, changes }: Comparison): readonly Risk[] {
  return changes
    .filter(({ action }) => action === "create")
    .flatMap(({ object }) =>
      quotaRefusals(object.view, head).map((why) =>
        riskOf(object, "quota", "medium", `its pods are refused: ${why}`, quotaRemedy),
      ),
    );
}

/** What to do about a quota that refuses pods. */
export const quotaRemedy = "Change the quota, or what the pods ask for, first.";

function states(container: ContainerView, name: keyof typeof stated): boolean {
  const [part, resource] = stated[name];
  return container.role === "ephemeral" || container[part](resource) !== undefined;
}

/** Says whether a LimitRange gives containers what they do not state; its default limit is a request, too. */
function isDefaulted(snapshot: Snapshot, namespace: string, name: keyof typeof stated): boolean {
  const [part, resource] = stated[name];
  return snapshot.index
    .ofKind("LimitRange", namespace)
    .flatMap(({ spec }) => maps(spec["limits"]))
    .filter(({ type }) => type === "Container")
    .some(
      (limits) =>
        has(fields(limits["default"]), resource) ||
        (part === "request" && has(fields(limits["defaultRequest"]), resource)),
    );
}
