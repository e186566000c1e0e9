import { autoscaledDeployment, autoscaler, quota } from "../cluster-objects";
import { cronJob, deployment, inStack, service } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const POD = { at: "spec.template.spec" };
const CPU = "spec.template.spec.containers[0].resources.requests.cpu";

describeRule("run-cost", inStack(deployment), [
  fails(
    "more than the budget, all replicas together",
    { [CPU]: "500m" },
    { ...POD, settings: { cpuBudget: 1 } },
  ),
  fails(
    "more memory than the budget",
    { "spec.replicas": 100 },
    { ...POD, settings: { memoryBudget: 10 } },
  ),
  fails(
    "the ceiling of the autoscaler",
    { "": autoscaledDeployment, [CPU]: "500m", "1/": autoscaler },
    { ...POD, settings: { cpuBudget: 2 } },
  ),
  passes("as much as the budget", { [CPU]: "500m" }, { settings: { cpuBudget: 1.5 } }),
  skips("every workload, when there is no budget", { [CPU]: "500" }),
  skips("objects that run no pods", { "": service }, { settings: { cpuBudget: 1 } }),
]);

const SURGE = { at: "spec.strategy.rollingUpdate.maxSurge" };

describeRule("max-surge-quota", inStack(deployment, quota), [
  fails("a pod more than the quota has", { "1/spec.hard": { pods: "3" } }, SURGE),
  fails("more cores than the quota has", { [CPU]: "600m" }, SURGE),
  passes("room for the pod more", { "1/spec.hard": { pods: "4" } }),
  passes("a rollout without a pod more", {
    "1/spec.hard": { pods: "3" },
    "spec.strategy.rollingUpdate": { maxSurge: 0, maxUnavailable: 1 },
  }),
  skips("a quota of another namespace", {
    "1/spec.hard": { pods: "1" },
    "1/metadata.namespace": "x",
  }),
  skips("a CronJob", { "": cronJob, "1/spec.hard": { pods: "0" } }),
]);
