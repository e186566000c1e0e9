import { budget, defaultDenial, namespace, networkPolicy, SELECTED } from "../cluster-objects";
import { deployment, inObject, inStack, service } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const LABELS = { at: "spec.template.metadata.labels" };
const OTHER = { matchLabels: { app: "billing" } };

describeRule("network-policy-missing", inStack(deployment, networkPolicy), [
  fails("a pod that no policy selects", { "1/spec.podSelector": OTHER }, LABELS),
  fails("a policy of another namespace", { "1/metadata.namespace": "billing" }, LABELS),
  fails("a policy for one direction", { "1/spec.policyTypes": ["Ingress"] }, LABELS),
  fails(
    "the default direction only",
    { "1/spec.policyTypes": undefined, "1/spec.egress": undefined },
    LABELS,
  ),
  passes("the denial of everything", { "1/": defaultDenial }),
  skips("objects that run no pods", { "": service }),
]);

describeRule("network-policy-dangling", inStack(networkPolicy, deployment), [
  fails("a selector that matches nothing", { "spec.podSelector": OTHER }),
  fails("pods of another namespace", { "1/metadata.namespace": "x" }, { at: "spec.podSelector" }),
  passes("an expression that matches", {
    "spec.podSelector": {
      matchExpressions: [{ key: "app.kubernetes.io/name", operator: "Exists" }],
    },
  }),
  passes("pods that an operator makes", {
    "spec.podSelector": { matchLabels: { "postgres-operator.crunchydata.com/cluster": "db" } },
    "2/": {
      apiVersion: "postgres-operator.crunchydata.com/v1beta1",
      kind: "PostgresCluster",
      metadata: { name: "db", namespace: "shop" },
    },
  }),
  skips("an empty selector, which matches every pod", { "": defaultDenial, "1/kind": "X" }),
]);

const PEER = "spec.ingress[0].from[0]";

describeRule("network-policy-peer-dangling", inStack(networkPolicy, deployment), [
  fails("a peer that matches nothing", { [`${PEER}.podSelector`]: OTHER }),
  fails(
    "a peer of an egress rule",
    { "spec.egress[0].to": [{ podSelector: OTHER }] },
    {
      at: "spec.egress[0].to[0].podSelector",
    },
  ),
  passes("every pod of the namespace", { [`${PEER}.podSelector`]: {} }),
  skips("pods of other namespaces", {
    [PEER]: { podSelector: OTHER, namespaceSelector: { matchLabels: SELECTED } },
  }),
]);

describeRule("network-policy-empty-selector", inObject(networkPolicy), [
  fails("an allowance for every pod", { "spec.podSelector": {} }),
  passes("an expression", {
    "spec.podSelector": { matchExpressions: [{ key: "app", operator: "Exists" }] },
  }),
  skips("the denial of everything", { "": defaultDenial }),
]);

describeRule("network-policy-default-deny", inStack(namespace, defaultDenial), [
  fails("a namespace without policies", { "1/kind": "X" }, { at: "metadata.name" }),
  fails(
    "a denial of one direction",
    { "1/spec.policyTypes": ["Ingress"] },
    { at: "metadata.name" },
  ),
  fails("a denial with an exception", { "1/spec.ingress": [{}] }, { at: "metadata.name" }),
  fails("a denial for some pods", { "1/spec.podSelector": OTHER }, { at: "metadata.name" }),
  passes("a denial for each direction", {
    "1/spec.policyTypes": ["Ingress"],
    "2/": { ...defaultDenial, spec: { podSelector: {}, policyTypes: ["Egress"] } },
  }),
  passes("a denial of all but name lookups", {
    "1/spec.egress": [{ ports: [{ protocol: "UDP", port: 53 }] }],
  }),
  fails(
    "a denial of all but name lookups and another port",
    { "1/spec.egress": [{ ports: [{ port: 53 }, { port: 443 }] }] },
    { at: "metadata.name" },
  ),
  skips("a namespace of the cluster", { "metadata.name": "kube-system" }),
]);

describeRule("network-policy-allow-all", inObject(networkPolicy), [
  fails("an empty rule", { "spec.ingress[0]": {} }),
  fails("everywhere, on every port", {
    "spec.egress[0]": { to: [{ ipBlock: { cidr: "0.0.0.0/0" } }] },
  }),
  fails("everywhere by IPv6", { "spec.egress[0]": { to: [{ ipBlock: { cidr: "::/0" } }] } }),
  passes("everywhere, on one port", {
    "spec.egress[0]": { to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [{ port: 443 }] },
  }),
  passes("a rule of a direction that the policy does not touch", {
    "spec.policyTypes": ["Ingress"],
    "spec.egress": [{}],
  }),
  passes("an address range", { "spec.egress[0]": { to: [{ ipBlock: { cidr: "10.0.0.0/8" } }] } }),
  skips("a denial", { "": defaultDenial }),
]);

describeRule("network-policy-dns", inStack(networkPolicy, deployment), [
  fails(
    "egress without names",
    { "spec.egress": [{ ports: [{ port: 5432 }] }] },
    { at: "spec.egress" },
  ),
  fails("a denial of egress", { "spec.egress": undefined }),
  passes("a range of ports that holds 53", { "spec.egress[0].ports": [{ port: 50, endPort: 60 }] }),
  passes("any port", { "spec.egress": [{}] }),
  passes("another policy that allows names", {
    "spec.egress": undefined,
    "2/": {
      ...defaultDenial,
      spec: { podSelector: {}, policyTypes: ["Egress"], egress: [{ ports: [{ port: 53 }] }] },
    },
  }),
  skips("a policy for ingress", { "spec.policyTypes": ["Ingress"], "spec.egress": undefined }),
  skips("another kind", { "": budget }),
]);
