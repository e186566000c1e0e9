import { autoscaler, autoscaledDeployment, budget } from "../cluster-objects";
import { deployment, inObject, inStack } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const LABELS = { at: "spec.template.metadata.labels" };

describeRule("pdb-missing", inStack(deployment, budget), [
  fails("a budget for other pods", { "1/spec.selector": { matchLabels: { app: "x" } } }, LABELS),
  fails("a budget of another namespace", { "1/metadata.namespace": "billing" }, LABELS),
  fails(
    "a count that somebody else decides",
    { "spec.replicas": undefined, "1/kind": "X" },
    LABELS,
  ),
  passes("a budget by expression", {
    "1/spec.selector": {
      matchExpressions: [{ key: "app.kubernetes.io/name", operator: "Exists" }],
    },
  }),
  skips("a single replica", { "spec.replicas": 1, "1/kind": "X" }),
]);

const inBudget = inObject(budget);

describeRule("pdb-max-unavailable-zero", inBudget, [
  fails("a budget of none", { "spec.maxUnavailable": 0 }),
  fails("no percent", { "spec.maxUnavailable": "0%" }),
  fails("a budget that is no number", { "spec.maxUnavailable": "few" }),
  fails("all that there are", { "spec.minAvailable": "100%", "spec.maxUnavailable": undefined }),
  passes("a share", { "spec.maxUnavailable": "25%" }),
  skips("a budget that says what must stay", {
    "spec.minAvailable": 1,
    "spec.maxUnavailable": undefined,
  }),
]);

const least = (minAvailable: unknown) => ({
  "spec.minAvailable": minAvailable,
  "spec.maxUnavailable": undefined,
});

describeRule("pdb-min-available-deadlock", inStack(budget, deployment), [
  fails("as many as there are", least(3)),
  fails("a share that rounds up to all", { ...least("67%"), "1/spec.replicas": 2 }),
  fails("all of them, whoever they are", { ...least("100%"), "1/kind": "X" }),
  fails("the floor of the autoscaler", {
    ...least(2),
    "1/spec.replicas": undefined,
    "2/": autoscaler,
  }),
  passes("fewer than there are", least(2)),
  passes("half", least("50%")),
  skips("pods of another namespace", { ...least(3), "1/metadata.namespace": "billing" }),
  skips("a workload that is switched off", { ...least(1), "1/spec.replicas": 0 }),
]);

describeRule("pdb-vs-hpa", inStack(budget, autoscaledDeployment, autoscaler), [
  fails("more than the floor", least(3)),
  fails("as many as the floor", least(2)),
  fails("a floor that is not written, which is one", {
    ...least(1),
    "2/spec.minReplicas": undefined,
  }),
  passes("fewer than the floor", least(1)),
  skips("an autoscaler of another workload", { ...least(3), "2/spec.scaleTargetRef.name": "x" }),
]);

describeRule("pdb-policy-missing", inBudget, [
  fails("a budget that says nothing", { "spec.maxUnavailable": undefined }),
  passes("a budget that says what must stay", least(1)),
  skips("another kind", { kind: "Budget", spec: {} }),
]);

describeRule("pdb-unhealthy-eviction", inBudget, [
  fails("the default", { "spec.unhealthyPodEvictionPolicy": undefined }),
  passes("another policy, chosen", { "spec.unhealthyPodEvictionPolicy": "IfHealthyBudget" }),
  skips("another kind", { kind: "Budget", spec: {} }),
]);

describeRule("pdb-reasonable", inBudget, [
  fails("most must stay", { "spec.minAvailable": "90%" }),
  fails("few may go", { "spec.maxUnavailable": "10%" }),
  passes("half may go", { "spec.maxUnavailable": "50%" }),
  skips("a count", { "spec.maxUnavailable": 1 }),
]);
