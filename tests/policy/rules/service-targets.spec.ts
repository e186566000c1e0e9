import { expect } from "chai";
import { RULES } from "../../../policy/rules";
import { SELECTED, serviceMonitor } from "../cluster-objects";
import { deployment, inStack, service } from "../objects";
import { describeRule, fails, judge, passes, skips } from "../support";

const SLICE = {
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: {
    name: "orders-1",
    namespace: "shop",
    labels: { "kubernetes.io/service-name": "orders" },
  },
};

describeRule("service-dangling", inStack(service, deployment), [
  fails("a selector that matches nothing", { "spec.selector": { app: "billing" } }),
  fails("no selector", { "spec.selector": undefined }),
  fails("pods of another namespace", { "1/metadata.namespace": "x" }, { at: "spec.selector" }),
  passes("part of the labels", { "spec.selector": { "app.kubernetes.io/name": "orders" } }),
  passes("endpoints of one's own", { "spec.selector": undefined, "2/": SLICE }),
  passes("pods that an operator makes", {
    "spec.selector": { "postgres-operator.crunchydata.com/cluster": "db" },
    "2/": {
      apiVersion: "postgres-operator.crunchydata.com/v1beta1",
      kind: "PostgresCluster",
      metadata: { name: "db", namespace: "shop" },
    },
  }),
  skips("a name outside the cluster", {
    "spec.selector": undefined,
    "spec.type": "ExternalName",
  }),
]);

const TARGET = "spec.ports[0].targetPort";

describeRule("service-port-mismatch", inStack(service, deployment), [
  fails("a name that no container has", { [TARGET]: "web" }),
  fails("a number that no container declares", { [TARGET]: 9090 }),
  fails("the port itself, as no target is written", { [TARGET]: undefined }),
  passes("the number of the port", { [TARGET]: 8080 }),
  passes("a port of a native sidecar", {
    [TARGET]: "metrics",
    "1/spec.template.spec.initContainers[0]": {
      name: "exporter",
      restartPolicy: "Always",
      ports: [{ name: "metrics", containerPort: 9090 }],
    },
  }),
  skips("a Service that selects nothing", { [TARGET]: "web", "spec.selector": undefined }),
]);

const BILLING = {
  ...deployment,
  metadata: { name: "billing", namespace: "shop" },
  spec: {
    template: {
      metadata: { labels: { ...SELECTED, "app.kubernetes.io/name": "billing" } },
      spec: { containers: [] },
    },
  },
};

describeRule("service-multi-workload", inStack(service, deployment, BILLING), [
  fails("a selector for two applications", {
    "spec.selector": { "app.kubernetes.io/instance": "orders" },
  }),
  passes("two workloads of one application", {
    "spec.selector": { "app.kubernetes.io/instance": "orders" },
    '2/spec.template.metadata.labels["app.kubernetes.io/name"]': "orders",
  }),
  skips("workloads of another namespace", {
    "spec.selector": { "app.kubernetes.io/instance": "orders" },
    "2/metadata.namespace": "billing",
  }),
]);

describeRule("servicemonitor-dangling", inStack(serviceMonitor, service), [
  fails("a selector that matches nothing", { "spec.selector": { matchLabels: { app: "x" } } }),
  fails(
    "a namespace without Services",
    { "spec.namespaceSelector": { matchNames: ["x"] } },
    { at: "spec.selector" },
  ),
  fails("no selector", { "spec.selector": undefined }),
  passes("any Service of a namespace", {
    "spec.selector": {},
    "spec.namespaceSelector": { matchNames: ["shop"] },
  }),
  skips("another kind", { kind: "PodMonitor", "spec.selector": undefined }),
]);

describe("the findings of service-port-mismatch", () => {
  const rule = RULES.filter(({ id }) => id === "service-port-mismatch");
  const enforcements = (targetPort: unknown): string[] => {
    const spec = { selector: SELECTED, ports: [{ port: 80, targetPort }] };
    return judge([{ ...service, spec }, deployment], rule).map(({ enforcement }) => enforcement);
  };

  it("stop the deployment for a name that no container has", () => {
    expect(enforcements("web")).to.deep.equal(["mandatory"]);
  });

  it("only advise about a number, which works without declaration", () => {
    expect(enforcements(9090)).to.deep.equal(["advisory"]);
  });
});
