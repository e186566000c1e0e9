import { expect } from "chai";
import { PrometheusAdapter } from "../../components/platform/prometheus-adapter";
import { prometheusAdapterValues } from "../../components/platform/prometheus-adapter-values";
import { chartFact, unknownKeys } from "../support/chart-facts";
import { deploy } from "../support/mocks";
import { certificates, environment } from "../support/rooms";

const valuesOf = (replicas: number) =>
  prometheusAdapterValues({ replicas, prometheus: { url: "http://prometheus.here", port: 9090 } });
const values = valuesOf(2);

describe("the values of the Prometheus adapter", () => {
  it("serve the requests per second of each pod, and no other metric", () => {
    expect(values.rules.default).to.equal(false);
    expect(values.rules.custom).to.have.lengthOf(1);
    const [{ seriesQuery, name } = { seriesQuery: "", name: { matches: "", as: "" } }] =
      values.rules.custom;
    expect(seriesQuery).to.contain("http_requests_total");
    expect(
      "http_requests_total".replace(new RegExp(name.matches), name.as.replace("${1}", "$1")),
    ).to.equal("http_requests_per_second");
  });

  it("let autoscalers ask for that metric and for no other", () => {
    expect(values.rbac.customMetrics.resources).to.deep.equal(["pods/http_requests_per_second"]);
  });

  it("leave external metrics to KEDA: an API group has one server", () => {
    expect(values.rules.external).to.deep.equal([]);
  });

  it("have the API server check who answers it, which the chart leaves out", () => {
    expect(values.certManager.enabled).to.equal(true);
  });

  it("run limited, spread, with a disruption budget and time to start", () => {
    expect(values.resources.limits).to.deep.equal({ cpu: "200m", memory: "256Mi" });
    expect(values.topologySpreadConstraints).to.have.lengthOf(2);
    expect(values.startupProbe.periodSeconds * values.startupProbe.failureThreshold).to.equal(300);
    expect(values.livenessProbe.failureThreshold).to.be.greaterThan(
      values.readinessProbe.failureThreshold,
    );
  });

  it("name one kind of disruption budget: the chart's default would stand beside ours", () => {
    const empty = { minAvailable: null, maxUnavailable: null };
    expect(values.podDisruptionBudget).to.deep.equal({ ...empty, enabled: true, minAvailable: 1 });
    expect(valuesOf(3).podDisruptionBudget).to.deep.equal({
      ...empty,
      enabled: true,
      maxUnavailable: 1,
    });
    expect(valuesOf(1).podDisruptionBudget).to.deep.equal({ ...empty, enabled: false });
  });

  it("are keys the real chart knows", function () {
    const file = chartFact(this, "prometheus-adapter", "values.yaml");
    // A probe is passed on to Kubernetes as it is.
    const unknown = unknownKeys(values, file.read());
    expect(unknown.filter((path) => !/^(liveness|readiness)Probe\./.test(path))).to.deep.equal([]);
  });
});

describe("PrometheusAdapter", () => {
  it("is asked by the API server, and asks it and Prometheus", async () => {
    const podLabels = { app: "prometheus" };
    const recorded = await deploy(
      () =>
        new PrometheusAdapter("adapter", {
          replicas: 2,
          monitoring: {
            namespace: "monitoring",
            service: "prometheus.monitoring.svc",
            podLabels,
            labels: {},
            ready: [],
          },
          certificates,
          environment,
          retention: "keep",
        }),
    );
    const tcp = (port: number): object => ({ protocol: "TCP", port });
    expect(recorded.find("NetworkPolicy", "allow-adapter").inputs.spec).to.deep.include({
      ingress: [{ ports: [tcp(6443)] }],
      egress: [
        { ports: [tcp(443), tcp(6443)] },
        {
          to: [
            {
              namespaceSelector: {
                matchLabels: { "kubernetes.io/metadata.name": "monitoring" },
              },
              podSelector: { matchLabels: podLabels },
            },
          ],
          ports: [tcp(9090)],
        },
      ],
    });
    expect(recorded.find("Chart", "adapter-chart").inputs.values).to.have.deep.property(
      "prometheus",
      { url: "http://prometheus.monitoring.svc", port: 9090 },
    );
  });
});
