import { expect } from "chai";
import { Platform } from "../../components/platform";
import type { PlatformSettings } from "../../components/settings/platform";
import { deploy, type Recorded } from "../support/mocks";
import { environment, platformOf } from "../support/rooms";

const controllers = [
  "cert-manager",
  "external-secrets",
  "ingress-nginx",
  "keda",
  "metrics-server",
  "reloader",
  "vertical-pod-autoscaler",
];

const optional = {
  keda: { replicas: 2 },
  metricsServer: { replicas: 2 },
  reloader: { replicas: 2 },
  verticalPodAutoscaler: { replicas: 2 },
};

const monitored = { kubePrometheusStack: { replicas: 2, storage: { size: "50Gi" } } };

async function platformWith(
  changes: Partial<Record<keyof PlatformSettings, unknown>>,
): Promise<Recorded> {
  return deploy(
    () =>
      new Platform("platform", { settings: platformOf(changes), environment, retention: "keep" }),
  );
}

function monitorsOf(recorded: Recorded): readonly string[] {
  return recorded
    .all("PodMonitor")
    .map(({ inputs }) => (inputs.metadata as { readonly name: string }).name)
    .sort();
}

describe("the monitors of the controllers", () => {
  let recorded: Recorded;
  before(async () => {
    recorded = await platformWith({ ...optional, ...monitored });
  });

  it("are there for each controller that serves metrics, under the labels that Prometheus looks for", () => {
    expect(monitorsOf(recorded)).to.deep.equal(controllers);
    for (const { inputs } of recorded.all("PodMonitor")) {
      expect(inputs.metadata).to.have.deep.property("labels", { release: "kube-prometheus-stack" });
    }
  });

  it("come after the definitions that kube-prometheus-stack brings, which come after cert-manager", () => {
    const monitor = recorded.find("PodMonitor", "cert-manager");
    const monitoring = recorded.find("Chart", "platform-monitoring-chart");
    expect(monitor.dependencies).to.include(monitoring.urn);
    expect(monitoring.dependencies).to.include(
      recorded.find("Chart", "platform-cert-manager-chart").urn,
    );
  });

  it("are let in by a policy of each namespace, Prometheus alone and to the port of the metrics alone", () => {
    const policies = recorded
      .all("NetworkPolicy")
      .filter(({ name }) => name.endsWith("-allow-scrape"));
    expect(policies).to.have.lengthOf(controllers.length);
    expect(recorded.find("NetworkPolicy", "platform-keda-allow-scrape").inputs).to.deep.include({
      metadata: { name: "allow-scrape", namespace: "keda" },
      spec: {
        podSelector: { matchLabels: { app: "keda-operator" } },
        policyTypes: ["Ingress"],
        ingress: [
          {
            from: [
              {
                namespaceSelector: {
                  matchLabels: { "kubernetes.io/metadata.name": "monitoring" },
                },
                podSelector: {
                  matchLabels: {
                    "app.kubernetes.io/name": "prometheus",
                    "operator.prometheus.io/name": "kube-prometheus-stack-prometheus",
                  },
                },
              },
            ],
            ports: [{ protocol: "TCP", port: 8080 }],
          },
        ],
      },
    });
  });

  it("ask the metrics server over TLS, by the address of its pod, which no certificate names", () => {
    expect(recorded.find("PodMonitor", "metrics-server").inputs.spec).to.have.deep.property(
      "podMetricsEndpoints",
      [{ port: "https", scheme: "https", tlsConfig: { insecureSkipVerify: true } }],
    );
  });

  it("are none where the stack has no Prometheus", async () => {
    expect(monitorsOf(await platformWith(optional))).to.deep.equal([]);
  });

  it("are none of what the cluster had already, or does not have", async () => {
    const installed = { metricsServer: "installed", verticalPodAutoscaler: "installed" };
    expect(monitorsOf(await platformWith({ ...installed, ...monitored }))).to.deep.equal([
      "cert-manager",
      "external-secrets",
      "ingress-nginx",
    ]);
  });
});
