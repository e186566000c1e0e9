import { clusterRole, configMap, limitRange, namespace, quota } from "../cluster-objects";
import { deployment, inObject, inStack } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const inConfigMap = inObject(configMap);

describeRule("default-namespace", inConfigMap, [
  fails("the default namespace", { "metadata.namespace": "default" }),
  fails("no namespace", { "metadata.namespace": undefined }),
  fails("a custom resource in it", {
    "metadata.namespace": "default",
    apiVersion: "example.com/v1",
    kind: "Order",
  }),
  passes("a namespace that only sounds alike", { "metadata.namespace": "default-shop" }),
  skips("an object of the cluster", { "": clusterRole }),
  skips("an empty list", { "": { kind: "ConfigMapList", apiVersion: "v1", items: [] } }),
  skips("the account that the cluster makes", {
    kind: "ServiceAccount",
    "metadata.name": "default",
    "metadata.namespace": "default",
  }),
  skips("a custom resource whose scope nobody knows", {
    "metadata.namespace": undefined,
    apiVersion: "example.com/v1",
    kind: "Order",
  }),
]);

describeRule("kube-system-namespace", inConfigMap, [
  fails("the control plane's namespace", { "metadata.namespace": "kube-system" }),
  passes("another one", { "metadata.namespace": "system" }),
  skips("the control plane itself", {
    kind: "Pod",
    "metadata.namespace": "kube-system",
    "metadata.labels": { tier: "control-plane", component: "etcd" },
    "spec.priorityClassName": "system-node-critical",
  }),
]);

const ENFORCE = 'metadata.labels["pod-security.kubernetes.io/enforce"]';

describeRule("namespace-pss-labels", inObject(namespace), [
  fails("no level", { [ENFORCE]: undefined }),
  fails("the level that allows everything", { [ENFORCE]: "privileged" }),
  passes("the middle level", { [ENFORCE]: "baseline" }),
  skips("a namespace of the cluster", { [ENFORCE]: undefined, "metadata.name": "kube-system" }),
]);

describeRule("namespace-quota", inStack(namespace, quota, limitRange), [
  fails("no quota", { "1/kind": "X" }, { at: "metadata.name" }),
  fails("no default limits", { "2/kind": "X" }, { at: "metadata.name" }),
  fails("a quota of another namespace", { "1/metadata.namespace": "x" }, { at: "metadata.name" }),
  passes("a second quota", { "3/": quota }),
  skips("a namespace of the cluster", { "metadata.name": "kube-public" }),
]);

const open = { protect: false, stack: "production" };
const PROTECTED = { at: "metadata.name" };

describeRule("namespace-protect", inObject(namespace), [
  fails("a namespace of production", {}, { ...PROTECTED, facts: open }),
  fails(
    "one that its label puts there",
    { "metadata.labels.environment": "prod" },
    { ...PROTECTED, facts: { protect: false, stack: "eu" } },
  ),
  passes("a protected one", {}, { facts: { ...open, protect: true } }),
  skips("a stack for tests", {}, { facts: { ...open, stack: "staging" } }),
  skips("a manifest, whose options nobody knows", {}),
  skips("another kind", { "": deployment }, { facts: open }),
]);
