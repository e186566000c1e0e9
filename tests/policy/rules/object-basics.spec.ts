import { clusterRole, configMap } from "../cluster-objects";
import { deployment, inContainer, inObject, inStack, job, service } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

describeRule("deprecated-api", inObject(deployment), [
  fails("a version that is gone", { apiVersion: "apps/v1beta2" }),
  fails("a kind whose version is gone", { apiVersion: "batch/v1beta1", kind: "CronJob" }),
  fails(
    "an empty List of it",
    {
      "": { apiVersion: "apps/v1beta1", kind: "DeploymentList", items: [] },
      apiVersion: "apps/v1beta1",
    },
    { at: "apiVersion" },
  ),
  fails("a List of it", { apiVersion: "policy/v1beta1", kind: "PodDisruptionBudgetList" }),
  fails("a version that goes soon", {
    apiVersion: "networking.k8s.io/v1beta1",
    kind: "ServiceCIDR",
  }),
  fails("a version that no cluster serves by default", { apiVersion: "resource.k8s.io/v1alpha3" }),
  fails("a version that its operator gave up", {
    apiVersion: "external-secrets.io/v1beta1",
    kind: "ExternalSecret",
  }),
  passes(
    "a cluster that still serves it",
    { apiVersion: "batch/v1beta1", kind: "CronJob" },
    { settings: { kubernetesVersion: "1.20" } },
  ),
  skips("a beta of somebody else's", { apiVersion: "example.com/v1beta1", kind: "Order" }),
]);

const POD = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "x", ownerReferences: [{ kind: "Job" }] },
};

describeRule("naked-pod", inObject(POD), [
  fails("a bare pod", { "metadata.ownerReferences": undefined }),
  passes("a second owner", { "metadata.ownerReferences[1]": { kind: "Job" } }),
  skips("a Deployment", { "": deployment }),
]);

const LABEL = "spec.template.metadata.labels";

describeRule("selector-mismatch", inObject(deployment), [
  fails("another selector", { "spec.selector": { matchLabels: { app: "billing" } } }),
  fails("no selector", { "spec.selector": undefined }),
  fails("an empty selector", { "spec.selector": {} }),
  fails("a template without labels", { [LABEL]: undefined }, { at: "spec.selector" }),
  passes("an expression", {
    "spec.selector": {
      matchExpressions: [{ key: "app.kubernetes.io/name", operator: "NotIn", values: ["billing"] }],
    },
  }),
  skips("a Job, which selects by itself", { "": job }),
]);

const SECOND = { ...deployment, metadata: { name: "orders-2", namespace: "billing" } };

describeRule("workload-selector-overlap", inStack(deployment, SECOND), [
  fails(
    "two Deployments for the same pods",
    { "1/metadata.namespace": "shop" },
    { at: ["spec.selector", "1/spec.selector"] },
  ),
  fails(
    "a selector that is wide enough for both",
    {
      "1/metadata.namespace": "shop",
      "1/spec.selector": { matchLabels: { "app.kubernetes.io/part-of": "shop" } },
      '1/spec.template.metadata.labels["app.kubernetes.io/name"]': "billing",
    },
    { at: "1/spec.selector" },
  ),
  passes("labels of their own", {
    "1/metadata.namespace": "shop",
    "1/spec.selector": { matchLabels: { app: "billing" } },
    "1/spec.template.metadata.labels": { app: "billing" },
  }),
  skips("the same Deployment twice", { "1/": deployment }),
]);

const NAME = "metadata.name";

describeRule("metadata-name", inObject(service), [
  fails("capitals", { [NAME]: "Orders" }),
  fails("an underscore", { [NAME]: "the_orders" }),
  fails("a dot in a Service's name", { [NAME]: "orders.v1" }),
  fails("a Service's name that is too long", { [NAME]: "a".repeat(64) }),
  fails("a number", { [NAME]: 7 }),
  fails("no name", { [NAME]: undefined }),
  passes("the beginning of a name", { [NAME]: undefined, "metadata.generateName": "orders-" }),
  skips("a list, which has no name", { "": { kind: "ServiceList", apiVersion: "v1", items: [] } }),
  skips("a resource that the engine names", { [NAME]: undefined }, { facts: {} }),
  skips("a role, which may have a colon", { "": clusterRole, [NAME]: "shop:Orders" }),
]);

describeRule("metadata-name", inObject(configMap), [
  passes("dots in another kind's name", { [NAME]: "orders.v1" }),
  fails("a name that ends in a dot", { [NAME]: "orders." }),
]);

describeRule("env-forbidden-values", inContainer, [
  fails("a banned value", { env: [{ name: "DISABLE_OPA", value: "true" }] }, { at: "env[0]" }),
  fails(
    "a banned name",
    { env: [{ name: "DEBUG", value: "0" }] },
    { at: "env[0]", settings: { forbiddenEnvironment: ["DEBUG"] } },
  ),
  passes("another value", { env: [{ name: "DISABLE_OPA", value: "false" }] }),
  skips("a container without variables", { env: undefined }),
]);
