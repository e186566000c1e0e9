import { fields, maps, number } from "../../policy/core/fields";
import { type ObjectView } from "../../policy/core/object";
import { parseQuantity } from "../../policy/core/quantity";
import { autoscalersOf } from "../../policy/kubernetes/autoscalers";
import { type PodView } from "../../policy/core/pod";
import { podAmount } from "../../policy/kubernetes/pod-requests";
import { type Snapshot } from "./snapshot";

/** What pods ask for: cores and bytes. */
export interface Amounts {
  /** Pods. */
  readonly pods: number;
  /** Requested cores. */
  readonly cpuRequests: number;
  /** Cores they are limited to; a container without a limit adds nothing here, and its pod to `withoutCpuLimit`. */
  readonly cpuLimits: number;
  /** Requested bytes. */
  readonly memoryRequests: number;
  /** Bytes they are limited to; a container without a limit adds nothing here, and its pod to `withoutMemoryLimit`. */
  readonly memoryLimits: number;
  /** Pods that may use all cores of their node. */
  readonly withoutCpuLimit: number;
  /** Pods that may use all memory of their node. */
  readonly withoutMemoryLimit: number;
}

/** What a workload asks for at its smallest and its largest scale. */
export interface Footprint {
  /** With every autoscaler at its minimum, and no Job running. */
  readonly min: Amounts;
  /** With every autoscaler at its maximum, and each Job running. */
  readonly max: Amounts;
}

export const nothing: Amounts = {
  pods: 0,
  cpuRequests: 0,
  cpuLimits: 0,
  memoryRequests: 0,
  memoryLimits: 0,
  withoutCpuLimit: 0,
  withoutMemoryLimit: 0,
};

/** The names of the amounts, in the order of the report. */
export const amountNames = [
  "pods",
  "cpuRequests",
  "cpuLimits",
  "memoryRequests",
  "memoryLimits",
] as const;

/** The name of an amount that a quota may limit. */
export type AmountName = (typeof amountNames)[number];

/** Adds a number of times some amounts. */
export function plus(to: Amounts, amounts: Amounts, times = 1): Amounts {
  return {
    pods: to.pods + amounts.pods * times,
    cpuRequests: to.cpuRequests + amounts.cpuRequests * times,
    cpuLimits: to.cpuLimits + amounts.cpuLimits * times,
    memoryRequests: to.memoryRequests + amounts.memoryRequests * times,
    memoryLimits: to.memoryLimits + amounts.memoryLimits * times,
    withoutCpuLimit: to.withoutCpuLimit + amounts.withoutCpuLimit * times,
    withoutMemoryLimit: to.withoutMemoryLimit + amounts.withoutMemoryLimit * times,
  };
}

/** What an object's pods ask for; undefined when it runs none. A DaemonSet counts as one pod: nodes are unknown. */
export function footprintOf(view: ObjectView, snapshot: Snapshot): Footprint | undefined {
  if (view.is("postgres-operator.crunchydata.com/PostgresCluster")) {
    const amounts = postgresAmounts(view);
    return { min: amounts, max: amounts };
  }
  if (view.pod === undefined) {
    return undefined;
  }
  const one = podAmounts(view);
  const { min, max } = scaleOf(view, snapshot);
  return { min: plus(nothing, one, min), max: plus(nothing, one, max) };
}

/** What one pod of a workload asks for. */
export function podAmounts({ pod }: ObjectView): Amounts {
  if (pod === undefined) {
    return nothing;
  }
  return {
    pods: 1,
    cpuRequests: podAmount(pod, "request", "cpu"),
    cpuLimits: podAmount(pod, "limit", "cpu"),
    memoryRequests: podAmount(pod, "request", "memory"),
    memoryLimits: podAmount(pod, "limit", "memory"),
    withoutCpuLimit: isUnlimited(pod, "cpu") ? 1 : 0,
    withoutMemoryLimit: isUnlimited(pod, "memory") ? 1 : 0,
  };
}

function isUnlimited({ running }: PodView, resource: string): boolean {
  return running.some((container) => container.limit(resource) === undefined);
}

/** How many pods a workload has at least and at most. */
export function scaleOf(
  view: ObjectView,
  snapshot: Snapshot,
): { readonly min: number; readonly max: number } {
  if (view.is("Job") || view.is("CronJob")) {
    const job = view.is("Job") ? view.spec : fields(fields(view.spec["jobTemplate"])["spec"]);
    return { min: 0, max: number(job["parallelism"]) ?? 1 };
  }
  const own = number(view.spec["replicas"]) ?? 1;
  const [autoscaler] = autoscalersOf(snapshot.index).of(view);
  return autoscaler === undefined
    ? { min: own, max: own }
    : { min: autoscaler.min ?? 1, max: autoscaler.max ?? autoscaler.min ?? own };
}

/** PGO makes the pods of a PostgresCluster, so they are read from its own fields. */
function postgresAmounts({ spec }: ObjectView): Amounts {
  const pooler = fields(fields(spec["proxy"])["pgBouncer"]);
  const repository = fields(fields(fields(spec["backups"])["pgbackrest"])["repoHost"]);
  const sets = [
    ...maps(spec["instances"]).map((set) => ({ set, replicas: number(set["replicas"]) ?? 1 })),
    { set: pooler, replicas: spec["proxy"] === undefined ? 0 : (number(pooler["replicas"]) ?? 1) },
    { set: repository, replicas: Object.keys(repository).length === 0 ? 0 : 1 },
  ];
  return sets.reduce(
    (sum, { set, replicas }) => plus(sum, resourceAmounts(set["resources"]), replicas),
    nothing,
  );
}

function resourceAmounts(resources: unknown): Amounts {
  const { requests, limits } = fields(resources);
  const amount = (part: unknown, resource: string): number =>
    parseQuantity(fields(part)[resource]) ?? 0;
  return {
    pods: 1,
    cpuRequests: amount(requests ?? limits, "cpu"),
    cpuLimits: amount(limits, "cpu"),
    memoryRequests: amount(requests ?? limits, "memory"),
    memoryLimits: amount(limits, "memory"),
    withoutCpuLimit: amount(limits, "cpu") === 0 ? 1 : 0,
    withoutMemoryLimit: amount(limits, "memory") === 0 ? 1 : 0,
  };
}
