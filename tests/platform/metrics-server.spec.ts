import { expect } from "chai";
import { MetricsServer } from "../../components/platform/metrics-server";
import { metricsServerValues } from "../../components/platform/metrics-server-values";
import { standInValues, unknownKeys } from "../support/chart-facts";
import { deploy, type Recorded } from "../support/mocks";
import { certificates, environment } from "../support/rooms";

const values = metricsServerValues({
  replicas: 2,
  certificate: { secretName: "metrics-tls", injectFrom: "metrics-server/metrics-tls" },
});

describe("the values of the metrics server", () => {
  it("have the API server check who answers it, which the chart leaves out", () => {
    expect(values.apiService).to.deep.equal({
      insecureSkipTLSVerify: false,
      annotations: { "cert-manager.io/inject-ca-from": "metrics-server/metrics-tls" },
    });
  });

  it("serve with the certificate of a Secret, without looking into the cluster while rendering", () => {
    expect(values.tls).to.deep.equal({
      type: "existingSecret",
      existingSecret: { name: "metrics-tls", lookup: false },
    });
  });

  it("run as many pods as the stack says, spread, limited, and never one fewer in a rollout", () => {
    expect(values.replicas).to.equal(2);
    expect(values.topologySpreadConstraints).to.have.lengthOf(2);
    expect(values.resources.limits).to.deep.equal({ cpu: "400m", memory: "400Mi" });
    expect(values.podDisruptionBudget).to.deep.equal({ enabled: true, minAvailable: 1 });
    expect(values.updateStrategy.rollingUpdate).to.deep.equal({ maxUnavailable: 0, maxSurge: 1 });
  });

  it("take a pod out of the traffic before they restart it", () => {
    // The chart's readiness probe has three.
    expect(values.livenessProbe.failureThreshold).to.be.greaterThan(3);
  });

  it("limit the volume of its temporary files", () => {
    expect(values.tmpVolume).to.deep.equal({ emptyDir: { sizeLimit: "16Mi" } });
  });

  it("are keys the chart knows", () => {
    expect(unknownKeys(values, standInValues("metrics-server"))).to.deep.equal([]);
  });
});

describe("MetricsServer", () => {
  let recorded: Recorded;
  before(async () => {
    recorded = await deploy(
      () =>
        new MetricsServer("metrics", { replicas: 2, certificates, environment, retention: "keep" }),
    );
  });

  it("has the stack's authority sign its certificate, before it starts", () => {
    const signed = recorded.find("Certificate", "metrics-server");
    expect(signed.inputs.spec).to.deep.include({
      secretName: "metrics-server",
      issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: "an-authority" },
      dnsNames: [
        "metrics-server.metrics-server.svc",
        "metrics-server.metrics-server.svc.cluster.local",
      ],
    });
    expect(recorded.find("Chart", "metrics-chart").dependencies).to.include(signed.urn);
  });

  it("is asked by the API server, and asks it and the kubelets", () => {
    const tcp = (port: number): object => ({ protocol: "TCP", port });
    expect(recorded.find("NetworkPolicy", "allow-metrics-server").inputs.spec).to.deep.include({
      ingress: [{ ports: [tcp(10250)] }],
      egress: [{ ports: [tcp(443), tcp(6443), tcp(10250)] }],
    });
  });
});
