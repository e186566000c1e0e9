import { fields } from "../core/fields";
import { type ObjectView } from "../core/object";
import { parseQuantity } from "../core/quantity";
import { rulesOf, stackRule } from "../core/rule";
import { namespaceOf, type Stack } from "../core/stack";
import { visit } from "../core/unknown";
import { autoscalersOf, replicasOf, type Autoscalers } from "../kubernetes/autoscalers";
import { deployment, manifest } from "../kubernetes/examples";
import { podAmount } from "../kubernetes/pod-requests";
import { rolloutOf } from "../kubernetes/rollout";

const GIB = 2 ** 30;

const asking = (cpu: string) =>
  deployment(
    { replicas: 3, strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } } },
    {
      containers: [
        { name: "orders", image: "registry.example/orders:1", resources: { requests: { cpu } } },
      ],
    },
  );

const quota = manifest("v1", "ResourceQuota", { spec: { hard: { "requests.cpu": "2" } } });

/** What a ResourceQuota counts that a pod has: how much of it a pod takes. */
const COUNTED: Readonly<Record<string, { part: "request" | "limit"; resource: string } | "pods">> =
  {
    pods: "pods",
    "count/pods": "pods",
    cpu: { part: "request", resource: "cpu" },
    "requests.cpu": { part: "request", resource: "cpu" },
    "limits.cpu": { part: "limit", resource: "cpu" },
    memory: { part: "request", resource: "memory" },
    "requests.memory": { part: "request", resource: "memory" },
    "limits.memory": { part: "limit", resource: "memory" },
  };

/** What workloads take in sum. */
export const budgetRules = rulesOf("resources", [
  stackRule({
    id: "run-cost",
    assertion: "Workloads stay within the budget, all replicas together.",
    why: "Requests are what the cluster's nodes are bought for, used or not.",
    source: "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    severity: "low",
    action: "off",
    kinds: ["Deployment", "StatefulSet", "ReplicaSet", "Pod", "Job"],
    fix: "Lower the requests or the replicas, or raise the budget.",
    examples: { pass: [asking("100m")], fail: [asking("2")] },
    exampleSettings: { cpuBudget: 4 },
    check: (stack, report, { cpuBudget, memoryBudget }) => {
      const autoscalers = autoscalersOf(stack);
      visit(stack.objects, (object) => {
        const { pod } = object;
        if (pod === undefined) {
          return;
        }
        const replicas = mostReplicas(object, autoscalers);
        const cpu = replicas * podAmount(pod, "request", "cpu");
        const memory = (replicas * podAmount(pod, "request", "memory")) / GIB;
        if (cpuBudget > 0 && cpu > cpuBudget) {
          report(
            object,
            pod.path,
            `${cpu} cores`,
            `at most ${cpuBudget} cores over ${replicas} replica(s)`,
          );
        }
        if (memoryBudget > 0 && memory > memoryBudget) {
          report(
            object,
            pod.path,
            `${memory} GiB`,
            `at most ${memoryBudget} GiB over ${replicas} replica(s)`,
          );
        }
      });
    },
  }),
  stackRule({
    id: "max-surge-quota",
    assertion: "The quota leaves room for a rollout.",
    why: "A rollout that the quota does not allow to start a pod more never finishes.",
    source: "https://kubernetes.io/docs/concepts/policy/resource-quotas/",
    severity: "low",
    action: "off",
    kinds: ["Deployment"],
    fix: "Raise the quota, or lower maxSurge, the replicas or the requests.",
    examples: { pass: [asking("100m"), quota], fail: [asking("600m"), quota] },
    check: (stack, report) => {
      const autoscalers = autoscalersOf(stack);
      visit(stack.ofKind("ResourceQuota"), (object) => {
        const hard = fields(object.spec["hard"]);
        for (const name of Object.keys(hard)) {
          const most = parseQuantity(hard[name]);
          if (most !== undefined && COUNTED[name] !== undefined) {
            const full = firstBeyond(stack, object, name, most, autoscalers);
            if (full !== undefined) {
              report(
                full.deployment,
                "spec.strategy.rollingUpdate.maxSurge",
                `${full.needed} of ${name} in a rollout`,
                `within the ${most} of ResourceQuota "${object.name}"`,
              );
            }
          }
        }
      });
    },
  }),
]);

function mostReplicas(object: ObjectView, autoscalers: Autoscalers): number {
  const found = autoscalers.of(object);
  return found.length === 0
    ? replicasOf(object, autoscalers)
    : Math.max(...found.map(({ max, min }) => max ?? min ?? 1));
}

/** The first Deployment of a namespace whose rollout does not fit a quota beside the other workloads. */
function firstBeyond(
  stack: Stack,
  quotaObject: ObjectView,
  name: string,
  most: number,
  autoscalers: Autoscalers,
): { deployment: ObjectView; needed: number } | undefined {
  const workloads = stack
    .workloads(namespaceOf(quotaObject))
    .filter(({ kind }) => kind !== "CronJob");
  const settled = workloads.reduce(
    (sum, workload) => sum + replicasOf(workload, autoscalers) * taken(workload, name),
    0,
  );
  for (const deploymentObject of workloads.filter(({ kind }) => kind === "Deployment")) {
    const replicas = replicasOf(deploymentObject, autoscalers);
    const surge = rolloutOf(deploymentObject, replicas)?.surge ?? 0;
    const needed = settled + surge * taken(deploymentObject, name);
    if (needed > most) {
      return { deployment: deploymentObject, needed };
    }
  }
  return undefined;
}

function taken({ pod }: ObjectView, name: string): number {
  const counted = COUNTED[name];
  if (counted === undefined || pod === undefined) {
    return 0;
  }
  return counted === "pods" ? 1 : podAmount(pod, counted.part, counted.resource);
}
