import { autoscaler, postgresCluster, scaledObject, statefulSet } from "../cluster-objects";
import { deployment, inObject, inStack, job } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const inDeployment = inStack(deployment);
const rolling = (maxUnavailable: unknown, maxSurge: unknown) => ({
  "spec.strategy.rollingUpdate": { maxUnavailable, maxSurge },
});
const REPLICAS = { at: "spec.replicas" };
const OPENSHIFT = { apiVersion: "apps.openshift.io/v1", kind: "DeploymentConfig" };
const UNAVAILABLE = { at: "spec.strategy.rollingUpdate.maxUnavailable" };

describeRule("min-replicas", inDeployment, [
  fails("a single replica", { "spec.replicas": 1 }),
  fails("a count that is not written, which is one", { "spec.replicas": undefined }),
  fails("a StatefulSet of one", { kind: "StatefulSet", "spec.replicas": 1 }, REPLICAS),
  fails("an OpenShift DeploymentConfig of one", { ...OPENSHIFT, "spec.replicas": 1 }, REPLICAS),
  fails(
    "fewer than the configured count",
    { "spec.replicas": 2 },
    { settings: { minReplicas: 3 } },
  ),
  passes("more than two", { "spec.replicas": 5 }),
  skips("an autoscaled Deployment", { "spec.replicas": undefined, "1/": autoscaler }),
  skips("one that KEDA scales", { "spec.replicas": undefined, "1/": scaledObject }),
  skips("a DaemonSet", { kind: "DaemonSet", "spec.replicas": undefined }),
]);

describeRule("min-replicas", inStack(postgresCluster), [
  fails("a database of one", { "spec.instances[0].replicas": 1 }, { at: "spec.instances" }),
  passes("two sets of one", {
    "spec.instances": [{ replicas: 1 }, { replicas: 1 }],
  }),
]);

describeRule("rolling-update", inObject(deployment), [
  fails("a Deployment that recreates its pods", { "spec.strategy.type": "Recreate" }),
  fails(
    "a StatefulSet that waits for a person",
    { kind: "StatefulSet", "spec.updateStrategy.type": "OnDelete" },
    { at: "spec.updateStrategy.type" },
  ),
  fails(
    "a DeploymentConfig that recreates its pods",
    { ...OPENSHIFT, "spec.strategy.type": "Recreate" },
    { at: "spec.strategy.type" },
  ),
  passes("a DeploymentConfig that rolls", { ...OPENSHIFT, "spec.strategy.type": "Rolling" }),
  passes("the default strategy", { "spec.strategy": undefined }),
  skips("a Job", { "": job }),
]);

describeRule("rolling-availability", inDeployment, [
  fails("half of two", { ...rolling("50%", 1), "spec.replicas": 2 }, UNAVAILABLE),
  fails("two thirds of three", { ...rolling("67%", 1), "spec.replicas": 3 }, UNAVAILABLE),
  fails("one of two without a replacement", { ...rolling(1, 0), "spec.replicas": 2 }, UNAVAILABLE),
  fails(
    "the only pod without a replacement",
    { ...rolling(1, 0), "spec.replicas": 1 },
    UNAVAILABLE,
  ),
  passes("one of three", rolling(1, 0)),
  passes("the defaults", { "spec.strategy": undefined }),
  skips("a share of one replica", { ...rolling("50%", 1), "spec.replicas": 1 }),
  skips("a Deployment that recreates its pods", {
    "spec.strategy": { type: "Recreate" },
    "spec.replicas": 2,
  }),
]);

describeRule("progress-deadline", inObject(deployment), [
  fails("a pod that counts at once", { "spec.minReadySeconds": undefined }),
  fails("a deadline shorter than the boot", { "spec.progressDeadlineSeconds": 120 }),
  fails("a deadline that the API refuses", {
    "spec.progressDeadlineSeconds": 60,
    "spec.minReadySeconds": 60,
    "spec.template.spec.containers[0].startupProbe": undefined,
  }),
  passes("a longer deadline", { "spec.progressDeadlineSeconds": 900 }),
  passes("the default deadline", { "spec.progressDeadlineSeconds": undefined }),
  skips("a StatefulSet", { kind: "StatefulSet", "spec.minReadySeconds": 0 }),
]);

describeRule("revision-history", inObject(deployment), [
  fails("no revision", { "spec.revisionHistoryLimit": 0 }),
  passes("one revision", { "spec.revisionHistoryLimit": 1 }),
  skips("a StatefulSet", { "": statefulSet }),
]);
