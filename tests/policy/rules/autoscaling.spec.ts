import { autoscaler, autoscaledDeployment, scaledObject } from "../cluster-objects";
import { inObject, inStack } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const inAutoscaler = inObject(autoscaler);

describeRule("hpa-min-replicas", inAutoscaler, [
  fails("a floor of one", { "spec.minReplicas": 1 }),
  fails("a floor that is not written", { "spec.minReplicas": undefined }),
  fails(
    "a floor below the configured one",
    { "spec.minReplicas": 2 },
    { settings: { minAutoscalerReplicas: 3 } },
  ),
  passes("a higher floor", { "spec.minReplicas": 3 }),
  skips("KEDA, which may scale to none", { "": scaledObject }),
]);

describeRule("hpa-max-replicas", inAutoscaler, [
  fails("no room", { "spec.maxReplicas": 2 }),
  fails("no ceiling", { "spec.maxReplicas": undefined }),
  fails(
    "a ScaledObject without room",
    { "": { ...scaledObject, spec: { minReplicaCount: 5, maxReplicaCount: 5 } } },
    { at: "spec.maxReplicaCount" },
  ),
  passes("room for one more", { "spec.maxReplicas": 3 }),
  skips("a ScaledObject that keeps KEDA's ceiling", {
    "": { ...scaledObject, spec: { minReplicaCount: 5 } },
  }),
]);

describeRule("hpa-target-missing", inStack(autoscaler, autoscaledDeployment), [
  fails(
    "a name that nothing has",
    { "spec.scaleTargetRef.name": "order" },
    { at: "spec.scaleTargetRef" },
  ),
  fails(
    "another kind",
    { "spec.scaleTargetRef.kind": "StatefulSet" },
    { at: "spec.scaleTargetRef" },
  ),
  fails(
    "another version",
    { "spec.scaleTargetRef.apiVersion": "apps/v1beta1" },
    { at: "spec.scaleTargetRef" },
  ),
  fails(
    "a workload of another namespace",
    { "1/metadata.namespace": "x" },
    { at: "spec.scaleTargetRef" },
  ),
  fails(
    "a ScaledObject without its Deployment",
    { "": { ...scaledObject, spec: { scaleTargetRef: { name: "x" } } } },
    { at: "spec.scaleTargetRef" },
  ),
  passes("a ScaledObject, whose target is a Deployment by default", { "": scaledObject }),
  skips("a stack without autoscalers", { kind: "Autoscaler" }),
]);

describeRule("hpa-duplicate", inStack(autoscaler, autoscaledDeployment), [
  fails(
    "a second autoscaler",
    { "2/": { ...autoscaler, metadata: { name: "orders-memory", namespace: "shop" } } },
    { at: "spec.scaleTargetRef" },
  ),
  fails("a ScaledObject beside it", { "2/": scaledObject }, { at: "spec.scaleTargetRef" }),
  passes("autoscalers of two namespaces", {
    "2/": { ...autoscaler, metadata: { name: "orders", namespace: "billing" } },
  }),
  skips("autoscalers without a target", {
    "spec.scaleTargetRef": undefined,
    "2/": { ...autoscaler, metadata: { name: "x", namespace: "shop" }, spec: {} },
  }),
]);

const DOWN = "spec.behavior.scaleDown";

describeRule("hpa-scaledown", inAutoscaler, [
  fails("no window", { [`${DOWN}.stabilizationWindowSeconds`]: undefined }),
  fails("a window of zero", { [`${DOWN}.stabilizationWindowSeconds`]: 0 }),
  fails("no policy", { [`${DOWN}.policies`]: undefined }),
  passes("one that never scales down", { [DOWN]: { selectPolicy: "Disabled" } }),
  skips("version 1, which knows no behaviour", {
    apiVersion: "autoscaling/v1",
    "spec.behavior": undefined,
  }),
]);

describeRule("hpa-v1", inAutoscaler, [
  fails("version 1", { apiVersion: "autoscaling/v1" }),
  passes("an older beta, which another rule reports", { apiVersion: "autoscaling/v2beta2" }),
  skips("a ScaledObject", { "": scaledObject }),
]);

describeRule("hpa-replicas-set", inStack(autoscaledDeployment, autoscaler), [
  fails("a count beside an autoscaler", { "spec.replicas": 3 }),
  fails("a count beside KEDA", { "spec.replicas": 3, "1/": scaledObject }),
  passes("a null count", { "spec.replicas": null }),
  passes(
    "a count of the last run, which the program does not set any more",
    { "spec.replicas": 3 },
    { facts: { ignoreChanges: ["spec.replicas"] } },
  ),
  skips("a Deployment that nothing scales", {
    "spec.replicas": 3,
    "1/spec.scaleTargetRef.name": "billing",
  }),
  skips("a Deployment of another namespace", {
    "spec.replicas": 3,
    "1/metadata.namespace": "billing",
  }),
]);
