import { expect } from "chai";
import {
  KubePrometheusStack,
  prometheusRuleSample,
} from "../../components/platform/kube-prometheus-stack";
import { kubePrometheusStackValues } from "../../components/platform/kube-prometheus-stack-values";
import { chartFact, unknownKeys } from "../support/chart-facts";
import { deploy, type Recorded } from "../support/mocks";
import { certificates, environment } from "../support/rooms";
import { schemaErrors } from "../support/schemas";

const args = {
  replicas: 2,
  metricsRetention: "30d",
  storage: { size: "50Gi", storageClass: "fast-ssd" },
} as const;

const values = kubePrometheusStackValues({
  ...args,
  grafanaAdmin: { existingSecret: "an-admin", userKey: "user", passwordKey: "password" },
});

describe("the values of kube-prometheus-stack", () => {
  it("leave no hook: cert-manager signs the webhook's certificate, and nothing is tested", () => {
    const { admissionWebhooks } = values.prometheusOperator;
    expect(admissionWebhooks).to.deep.include({
      patch: { enabled: false },
      certManager: { enabled: true },
    });
    expect(values.crds.upgradeJob.enabled).to.equal(false);
    expect(values.grafana.testFramework.enabled).to.equal(false);
  });

  it("take what answers slowly out before they restart it", () => {
    // The charts' readiness probes have three.
    for (const { livenessProbe } of [
      values.prometheusOperator,
      values["kube-state-metrics"],
      values["prometheus-node-exporter"],
    ]) {
      expect(livenessProbe.failureThreshold).to.be.greaterThan(3);
    }
    // The chart asks every 10 s.
    expect(values.grafana.livenessProbe.timeoutSeconds).to.be.lessThan(10);
  });

  it("give kube-state-metrics no right to read Secrets", () => {
    expect(values["kube-state-metrics"].collectorsExclude).to.include("secrets");
  });

  it("let a rule be written while the one operator restarts", () => {
    expect(values.prometheusOperator.admissionWebhooks.failurePolicy).to.equal("Ignore");
  });

  it("keep metrics as long as the stack says, on four fifths of the volume", () => {
    expect(values.prometheus.prometheusSpec).to.deep.include({
      retention: "30d",
      retentionSize: "40960MiB",
      storageSpec: {
        volumeClaimTemplate: {
          spec: {
            storageClassName: "fast-ssd",
            accessModes: ["ReadWriteOnce"],
            resources: { requests: { storage: "50Gi" } },
          },
        },
      },
    });
  });

  it("name no StorageClass when the stack names none", () => {
    const { prometheus } = kubePrometheusStackValues({
      ...args,
      storage: { size: "50Gi" },
      grafanaAdmin: { existingSecret: "an-admin", userKey: "user", passwordKey: "password" },
    });
    expect(prometheus.prometheusSpec.storageSpec.volumeClaimTemplate.spec).to.not.have.property(
      "storageClassName",
    );
  });

  it("take up the monitors and rules of every namespace that carry the release's label", () => {
    expect(values.prometheus.prometheusSpec).to.include({
      serviceMonitorSelectorNilUsesHelmValues: true,
      podMonitorSelectorNilUsesHelmValues: true,
      ruleSelectorNilUsesHelmValues: true,
      probeSelectorNilUsesHelmValues: true,
    });
  });

  it("never put two of Prometheus or of Alertmanager on a node, and keep one through a drain", () => {
    for (const [{ podDisruptionBudget }, spec] of [
      [values.prometheus, values.prometheus.prometheusSpec],
      [values.alertmanager, values.alertmanager.alertmanagerSpec],
    ] as const) {
      expect(podDisruptionBudget).to.deep.equal({ enabled: true, minAvailable: 1 });
      expect(spec).to.deep.include({ replicas: 2, podAntiAffinity: "hard" });
      expect(spec.topologySpreadConstraints).to.have.lengthOf(2);
    }
  });

  it("limit every container", () => {
    const parts = [
      values.prometheusOperator,
      values.prometheusOperator.prometheusConfigReloader,
      values.prometheus.prometheusSpec,
      values.alertmanager.alertmanagerSpec,
      values.grafana,
      values.grafana.sidecar,
      values["kube-state-metrics"],
      values["prometheus-node-exporter"],
    ];
    for (const { resources } of parts) {
      expect(resources.limits).to.have.all.keys("cpu", "memory");
    }
  });

  it("probe Grafana's sidecars, each at a port of its own", () => {
    const { sidecar } = values.grafana;
    expect(sidecar.dashboards.env.HEALTH_PORT).to.not.equal(sidecar.datasources.env.HEALTH_PORT);
    expect(sidecar.livenessProbe.failureThreshold).to.be.greaterThan(
      sidecar.readinessProbe.failureThreshold,
    );
    expect(sidecar.readinessProbe.exec.command.join(" ")).to.contain("${HEALTH_PORT}/healthz");
  });

  it("give Grafana's administrator by the name of a Secret", () => {
    expect(values.grafana.admin.existingSecret).to.equal("an-admin");
  });

  it("are keys the real chart knows", function () {
    const file = chartFact(this, "kube-prometheus-stack", "values.yaml");
    // Keys of the charts in it are theirs to know.
    const inner = ["grafana.", "kube-state-metrics.", "prometheus-node-exporter."];
    const unknown = unknownKeys(values, file.read()).filter(
      (path) => !inner.some((chart) => path.startsWith(chart)),
    );
    expect(unknown).to.deep.equal([]);
  });
});

describe("KubePrometheusStack", () => {
  let recorded: Recorded;
  before(async () => {
    recorded = await deploy(
      () =>
        new KubePrometheusStack("monitoring", {
          ...args,
          certificates,
          environment,
          retention: "keep",
        }),
    );
  });

  it("runs restricted, but for the node exporter, which reads its host and runs apart", () => {
    const level = (name: string): unknown => recorded.find("Namespace", name).inputs.metadata;
    expect(level("monitoring")).to.have.deep.nested.property(
      "labels.pod-security\\.kubernetes\\.io/enforce",
      "restricted",
    );
    expect(level("node-exporter")).to.have.deep.nested.property(
      "labels.pod-security\\.kubernetes\\.io/enforce",
      "privileged",
    );
    expect(values["prometheus-node-exporter"].namespaceOverride).to.equal("node-exporter");
  });

  it("generates Grafana's password into a Secret, which the chart names before it starts", () => {
    const secret = recorded.find("Secret", "grafana-admin");
    expect(secret.inputs.stringData).to.have.nested.property("secret.admin-user", "admin");
    expect(secret.inputs.stringData).to.have.nested.property("secret.admin-password");
    const chart = recorded.find("Chart", "monitoring-chart");
    expect(chart.dependencies).to.include(secret.urn);
    expect(JSON.stringify(chart.inputs.values)).to.not.contain("aRandomValueForTests");
  });

  it("lets Prometheus be asked by Grafana, the adapter and itself alone", () => {
    const { ingress } = recorded.find("NetworkPolicy", "allow-prometheus").inputs.spec as {
      readonly ingress: readonly { readonly from: readonly object[] }[];
    };
    const askers = ingress.map(({ from: [asker] }) => JSON.stringify(asker));
    expect(askers).to.have.lengthOf(3);
    expect(askers.join()).to.contain("grafana").and.to.contain("prometheus-adapter");
  });

  it("has its API asked about a rule that the real definition accepts", function () {
    const fact = chartFact(this, "kube-prometheus-stack", "crds/prometheusrules.yaml");
    expect(schemaErrors(fact, prometheusRuleSample.body.spec, "v1")).to.deep.equal([]);
  });
});
