import type { ComputeAmount } from "../kit/namespace";
import type { Problem } from "../kit/problem";
import { parseQuantity } from "../kit/quantity";
import { containerResources, type ResourceProfile } from "../kit/resources";
import { mostPods } from "./most-pods";
import type { ResolvedService, StackApplication } from "./resolved";
import { servicePortNames } from "./workload/ports";
import { boundsOf, isSingleton } from "./workload/scaling";
import { isServing, type WorkloadShape } from "./workload/workload-shape";

type Shape = WorkloadShape<unknown>;

/** Cores and bytes. */
interface Compute {
  readonly cpu: number;
  readonly memory: number;
}

/** What a group of pods, all alike, may use at its busiest. */
interface Usage {
  readonly pods: number;
  readonly requests: Compute;
  readonly limits: Compute;
}

/**
 * What is wrong with how much there may be of an application: too little for its namespace's quota, or
 * too few pods for what the stack asks of each service. `services` have no other problem.
 */
export function capacityProblems(
  { declaration: { name }, settings }: StackApplication,
  services: readonly ResolvedService[],
): readonly Problem[] {
  const shapes = services
    .map(({ shape }) => shape)
    .filter(({ application }) => application === name);
  return [
    ...shapes.flatMap((shape) => floorProblems(shape, settings.minReplicas ?? 1)),
    ...quotaProblems(name, settings.quota, shapes),
  ];
}

function floorProblems(shape: Shape, minReplicas: number): readonly Problem[] {
  if (
    !isServing(shape) ||
    shape.kind === "DaemonSet" ||
    isSingleton(shape) ||
    boundsOf(shape).floor >= minReplicas
  ) {
    return [];
  }
  return [
    {
      field: `${shape.application}/${shape.service} scaling`,
      message:
        `has a floor of ${String(boundsOf(shape).floor)}; the stack asks for at least ${String(minReplicas)} ` +
        `(minReplicas), so that a lost node does not stop the service. Raise the floor, or lower minReplicas.`,
    },
  ];
}

function quotaProblems(
  application: string,
  quota: StackApplication["settings"]["quota"],
  shapes: readonly Shape[],
): readonly Problem[] {
  if (quota === undefined) {
    return [];
  }
  const usages = shapes.flatMap(usagesOf);
  const sum = (amount: (usage: Usage) => number): number =>
    usages.reduce((total, usage) => total + usage.pods * amount(usage), 0);
  const compute = (
    field: "requests" | "limits",
    resource: keyof ComputeAmount,
  ): readonly [string, number, number] => [
    `${field}.${resource}`,
    sum((usage) => usage[field][resource]),
    parseQuantity(quota[field][resource]),
  ];
  const needs: readonly (readonly [field: string, needed: number, allowed: number])[] = [
    compute("requests", "cpu"),
    compute("requests", "memory"),
    compute("limits", "cpu"),
    compute("limits", "memory"),
    ["pods", sum(() => 1), quota.pods],
    ["services", shapes.reduce((total, shape) => total + serviceCount(shape), 0), quota.services],
  ];
  return needs
    .filter(([, needed, allowed]) => needed > allowed * rounding)
    .map(([field, needed, allowed]) => ({
      field: `${application} quota.${field}`,
      message:
        `allows ${written(field, allowed)}, but the services at their most pods, with those that a rollout adds ` +
        `and their jobs, need ${written(field, needed)}. Raise the quota, or lower what they may grow to.`,
    }));
}

/** Sums of tenths are not exact. */
const rounding = 1 + 1e-9;

function written(field: string, amount: number): string {
  return field.endsWith("memory")
    ? `${String(Math.ceil(amount / 2 ** 20))}Mi`
    : String(Number(amount.toFixed(3)));
}

/** A DaemonSet has as many pods as there are nodes, which no stack file knows: it is not counted. */
function usagesOf(shape: Shape): readonly Usage[] {
  const pod = podUsage(shape);
  if (!isServing(shape)) {
    return [{ ...pod, pods: mostPods(shape) }];
  }
  const jobs = [shape.migration, shape.smokeTest].flatMap((job) =>
    job === undefined
      ? []
      : [{ ...podUsage({ ...shape, resources: job.resources ?? shape.resources }), pods: 1 }],
  );
  return shape.kind === "DaemonSet" ? jobs : [{ ...pod, pods: mostPods(shape) }, ...jobs];
}

/**
 * A pod counts with its sidecars and either its service or its greediest init container.
 * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
 */
function podUsage(
  shape: Pick<Shape, "resources" | "sidecars" | "initContainers">,
): Omit<Usage, "pods"> {
  const sidecars = Object.values(shape.sidecars ?? {}).map(({ resources }) => resources);
  const inits = Object.values(shape.initContainers ?? {}).map(({ resources }) => resources);
  const amount = (field: "requests" | "limits", resource: keyof ComputeAmount): number => {
    const of = (profile: ResourceProfile): number =>
      parseQuantity(containerResources(profile)[field][resource]);
    const beside = sidecars.reduce((total, profile) => total + of(profile), 0);
    return beside + Math.max(of(shape.resources), ...inits.map(of));
  };
  const both = (field: "requests" | "limits"): Compute => ({
    cpu: amount(field, "cpu"),
    memory: amount(field, "memory"),
  });
  return { requests: both("requests"), limits: both("limits") };
}

function serviceCount(shape: Shape): number {
  if (!isServing(shape)) {
    return 0;
  }
  const called = servicePortNames(shape.ports).length > 0 ? 1 : 0;
  return called + (shape.kind === "StatefulSet" ? 1 : 0);
}
