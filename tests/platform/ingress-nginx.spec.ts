import * as kubernetes from "@pulumi/kubernetes";
import { expect } from "chai";
import { IngressNginx } from "../../components/platform/ingress-nginx";
import { deploy, type Recorded } from "../support/mocks";
import { environment } from "../support/rooms";

describe("IngressNginx", () => {
  let recorded: Recorded;
  let edge: IngressNginx;
  before(async () => {
    recorded = await deploy(() => {
      const issuer = new kubernetes.core.v1.ConfigMap("issuer-that-is-ready");
      edge = new IngressNginx("edge", {
        className: "nginx",
        replicas: { min: 3, max: 9 },
        service: "LoadBalancer",
        certificates: { clusterIssuer: "an-authority", ready: [issuer] },
        clusterIssuer: "the-public-issuer",
        environment,
      });
    });
  });

  it("waits for the issuer of its webhook's certificate", () => {
    const issuer = recorded.find("ConfigMap", "issuer-that-is-ready");
    expect(recorded.find("Chart", "edge-chart").dependencies).to.include(issuer.urn);
  });

  it("has the webhook's certificate signed by the stack's own authority", () => {
    expect(recorded.find("Chart", "edge-chart").inputs).to.have.nested.property(
      "values.controller.admissionWebhooks.certManager.issuerRef.name",
      "an-authority",
    );
  });

  it("hands out its class, its pods and the issuer for what is reached from outside", () => {
    expect(edge).to.deep.include({
      kind: "nginx",
      className: "nginx",
      clusterIssuer: "the-public-issuer",
    });
    expect(edge.controller).to.deep.include({ namespace: "ingress-nginx", ports: [80, 443] });
  });

  it("lets traffic and the API server's questions in, and reaches every pod and the API server", () => {
    const policy = recorded.find("NetworkPolicy", "allow-traffic");
    expect(policy.inputs.spec).to.deep.equal({
      podSelector: { matchLabels: edge.controller.podLabels },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ ports: [80, 443, 8443].map((port) => ({ protocol: "TCP", port })) }],
      egress: [
        { ports: [443, 6443].map((port) => ({ protocol: "TCP", port })) },
        { to: [{ namespaceSelector: {} }] },
      ],
    });
  });

  it("waits for the address of its load balancer", async () => {
    const service = { apiVersion: "v1", kind: "Service", spec: { type: "LoadBalancer" } };
    const chart = recorded.find("Chart", "edge-chart");
    const { props } = await chart.transform("kubernetes:core/v1:Service", "controller", service);
    expect(props).to.deep.equal(service);
  });
});
