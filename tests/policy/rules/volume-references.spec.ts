import { claim, configMap, headlessService, secret, statefulSet } from "../cluster-objects";
import { type Fragment } from "../../../policy/core/rule";
import { deployment, inStack } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const POD = "spec.template.spec";

/** The good Deployment with volumes that mount the fixtures. */
function mounting(volume: Fragment): Fragment {
  const copy = JSON.parse(JSON.stringify(deployment)) as {
    spec: { template: { spec: { volumes: unknown; containers: { volumeMounts: unknown }[] } } };
  };
  const { spec } = copy.spec.template;
  spec.volumes = [{ name: "data", ...volume }];
  spec.containers.forEach((container) => {
    container.volumeMounts = [{ name: "data", mountPath: "/data" }];
  });
  return copy as unknown as Fragment;
}

const VOLUME = `${POD}.volumes[0]`;
const configured = inStack(mounting({ configMap: { name: "orders" } }), configMap, secret, claim);

describeRule("volume-ref-missing", configured, [
  fails("a ConfigMap that does not exist", { [`${VOLUME}.configMap.name`]: "x" }),
  fails(
    "a Secret that does not exist",
    { [VOLUME]: { name: "data", secret: { secretName: "x" } } },
    { at: `${VOLUME}.secret.secretName` },
  ),
  fails(
    "a claim that does not exist",
    { [VOLUME]: { name: "data", persistentVolumeClaim: { claimName: "x" } } },
    { at: `${VOLUME}.persistentVolumeClaim.claimName` },
  ),
  fails(
    "a projected source that does not exist",
    { [VOLUME]: { name: "data", projected: { sources: [{ secret: { name: "x" } }] } } },
    { at: `${VOLUME}.projected.sources[0].secret.name` },
  ),
  fails("a mount of no volume", { [`${POD}.containers[0].volumeMounts[0].name`]: "x" }),
  passes("a claim that exists", {
    [VOLUME]: { name: "data", persistentVolumeClaim: { claimName: "orders" } },
  }),
  passes("a Secret that a certificate fills", {
    [VOLUME]: { name: "data", secret: { secretName: "tls" } },
    "2/": {
      apiVersion: "cert-manager.io/v1",
      kind: "Certificate",
      metadata: { name: "x", namespace: "shop" },
      spec: { secretName: "tls" },
    },
  }),
  passes("the cluster's own certificate", { [`${VOLUME}.configMap.name`]: "kube-root-ca.crt" }),
  passes("a mount of a StatefulSet's claim", {
    "": { ...statefulSet, apiVersion: "apps/v1" },
    [`${POD}.containers[0].volumeMounts`]: [{ name: "data", mountPath: "/data" }],
  }),
  skips("what may be missing", { [`${VOLUME}.configMap`]: { name: "x", optional: true } }),
]);

describeRule("unused-config", inStack(configMap, mounting({ configMap: { name: "orders" } })), [
  fails(
    "a ConfigMap that nothing names",
    { "1/spec.template.spec.volumes": [] },
    { at: "metadata.name" },
  ),
  fails("a use in another namespace", { "1/metadata.namespace": "x" }, { at: "metadata.name" }),
  passes("an environment variable", {
    "1/spec.template.spec.volumes": [],
    "1/spec.template.spec.containers[0].envFrom": [{ configMapRef: { name: "orders" } }],
  }),
  skips("a token that the cluster made", {
    kind: "Secret",
    type: "kubernetes.io/service-account-token",
    "1/spec.template.spec.volumes": [],
  }),
]);

const claiming = mounting({ persistentVolumeClaim: { claimName: "orders" } });
const recreating: Fragment = {
  ...claiming,
  spec: { ...(claiming["spec"] as Fragment), replicas: 1, strategy: { type: "Recreate" } },
};
const CLAIM = { at: `${VOLUME}.persistentVolumeClaim.claimName` };

describeRule("pvc-rwo-multi-replica", inStack(recreating, claim), [
  fails("two replicas", { "spec.replicas": 2 }, CLAIM),
  fails("a rolling update", { "spec.strategy.type": "RollingUpdate" }, CLAIM),
  fails(
    "a disk for one pod",
    { "spec.replicas": 2, "1/spec.accessModes": ["ReadWriteOncePod"] },
    CLAIM,
  ),
  passes("a rolling update that adds no pod", {
    "spec.strategy": { type: "RollingUpdate", rollingUpdate: { maxSurge: 0 } },
  }),
  passes("a disk for many nodes", {
    "spec.replicas": 2,
    "1/spec.accessModes": ["ReadWriteMany"],
  }),
  skips("a claim that is not in the stack", { "spec.replicas": 2, "1/metadata.name": "x" }),
]);

describeRule("statefulset-service", inStack(statefulSet, headlessService), [
  fails("a Service that does not exist", { "spec.serviceName": "x" }),
  fails("no Service", { "spec.serviceName": undefined }),
  fails("a Service with an address", { "1/spec.clusterIP": undefined }, { at: "spec.serviceName" }),
  fails("a Service of other pods", { "1/spec.selector": { app: "x" } }, { at: "spec.serviceName" }),
  passes("a Service that publishes early", { "1/spec.publishNotReadyAddresses": true }),
  skips("a Deployment", { "": deployment }),
]);
