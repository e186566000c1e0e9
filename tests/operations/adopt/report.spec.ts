import { expect } from "chai";
import type { LiveDeployment, LiveNamespace, LiveService } from "../../../operations/adopt/live";
import { relatedTo } from "../../../operations/adopt/related";
import { reportOf } from "../../../operations/adopt/report";

const labels = { app: "orders" };

const deployment: LiveDeployment = {
  kind: "Deployment",
  metadata: {
    name: "live-orders",
    annotations: { "meta.helm.sh/release-name": "live" },
    managedFields: [{ manager: "helm", operation: "Update" }],
  },
  spec: {
    replicas: 2,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels: { ...labels, tier: "web" } },
      spec: {
        serviceAccountName: "orders-account",
        containers: [
          {
            name: "app",
            ports: [
              { name: "http", containerPort: 8080 },
              { name: "admin", containerPort: 9000 },
            ],
            envFrom: [{ configMapRef: { name: "live-env" } }],
            env: [{ valueFrom: { secretKeyRef: { name: "live-password" } } }],
          },
        ],
        volumes: [{ projected: { sources: [{ configMap: { name: "live-files" } }] } }],
      },
    },
  },
};

const service = (name: string, selector: Readonly<Record<string, string>>): LiveService => ({
  kind: "Service",
  metadata: { name },
  spec: { selector, ports: [{ port: 80, targetPort: "http" }] },
});

const around: LiveNamespace = {
  services: [service("other", { app: "other" }), service("orders-service", labels)],
  serviceAccounts: [{ kind: "ServiceAccount", metadata: { name: "orders-account" } }],
  autoscalers: [],
  budgets: [
    {
      kind: "PodDisruptionBudget",
      metadata: { name: "orders-budget" },
      spec: { selector: { matchLabels: labels } },
    },
  ],
  ingresses: [
    {
      kind: "Ingress",
      metadata: { name: "edge" },
      spec: {
        rules: [{ http: { paths: [{ backend: { service: { name: "orders-service" } } }] } }],
      },
    },
  ],
};

const report = (changes: Partial<LiveNamespace> = {}, of = deployment): string =>
  reportOf(relatedTo(of, { ...around, ...changes }), "shop");

describe("npm run adopt", () => {
  it("names every object of the Deployment, by the references Kubernetes follows", () => {
    const lines = report()
      .split("\n")
      .map((line) => line.trim());
    expect(lines).to.include.members([
      "live-orders in namespace shop, of the Helm release live",
      'deployment: "live-orders",',
      'service: "orders-service",',
      'serviceAccount: "orders-account",',
      'disruptionBudget: "orders-budget",',
      'ingress: "edge",',
      'selector: { app: "orders" },',
      'configMaps: ["live-env", "live-files"],',
    ]);
  });

  it("keeps the number under which a Service has a port, and the ports it does not have", () => {
    expect(report()).to.contain(
      "ports: { http: { number: 8080, service: 80 }, admin: { number: 9000, service: false } },",
    );
  });

  it("scales as the Deployment does, or as its autoscaler", () => {
    expect(report()).to.contain("scaling: { fixed: 2 },");
    const scaleTargetRef = { kind: "Deployment", name: "live-orders" };
    const autoscalers = [
      {
        kind: "HorizontalPodAutoscaler" as const,
        metadata: { name: "orders-hpa" },
        spec: { scaleTargetRef, minReplicas: 3, maxReplicas: 6 },
      },
    ];
    expect(report({ autoscalers }))
      .to.contain("scaling: { hpa: { min: 3, max: 6 } },")
      .and.to.contain('autoscaler: "orders-hpa",');
  });

  it("says whose the fields are, and what stays behind", () => {
    expect(report())
      .to.contain("Fields belong to helm.")
      .and.to.contain("The pods read the Secrets live-password");
  });

  it("says that a selector with expressions cannot be taken over", () => {
    const selector = { matchLabels: labels, matchExpressions: [{ key: "tier" }] };
    const spec = { ...deployment.spec, selector };
    expect(report({}, { ...deployment, spec })).to.contain("cannot be taken over");
  });

  it("says which objects of a kind are too many", () => {
    const services = [service("orders-service", labels), service("orders-canary", labels)];
    expect(report({ services })).to.contain(
      "There are 2 Services: orders-service, orders-canary. Only the first is taken over",
    );
  });
});
