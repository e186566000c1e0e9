import { expect } from "chai";
import { at } from "./fixtures";
import { deployApplication, environmentIn } from "./deployed";
import type { Properties, Recorded } from "../support/mocks";

const services = ["orders", "payments", "inventory"];

describe("fulfilment", () => {
  let recorded: Recorded;
  before(async () => {
    recorded = await deployApplication("fulfilment");
  });

  it("has three paths under one host, limited and timed alike", () => {
    const ingresses = recorded.all("Ingress");
    expect(
      ingresses.map(({ inputs }) => [
        at(inputs, "spec.rules.0.host"),
        at(inputs, "spec.rules.0.http.paths.0.path"),
      ]),
    ).to.have.deep.members(services.map((name) => ["shop.example.com", `/${name}`]));
    for (const { inputs } of ingresses) {
      const annotations = at(inputs, "metadata.annotations") as Properties;
      expect(annotations).to.include({
        "nginx.ingress.kubernetes.io/limit-rps": "10",
        "nginx.ingress.kubernetes.io/limit-connections": "5",
        "nginx.ingress.kubernetes.io/limit-rate": "512",
        "nginx.ingress.kubernetes.io/proxy-connect-timeout": "60",
        "nginx.ingress.kubernetes.io/proxy-read-timeout": "60",
        "nginx.ingress.kubernetes.io/proxy-send-timeout": "60",
      });
    }
  });

  it("scales on CPU, memory and requests, fast up and slowly down", () => {
    for (const name of services) {
      const { inputs } = recorded.find("HorizontalPodAutoscaler", name);
      expect(at(inputs, "spec.minReplicas")).to.equal(3);
      expect(at(inputs, "spec.maxReplicas")).to.equal(20);
      expect(at(inputs, "spec.metrics")).to.deep.include({
        type: "Pods",
        pods: {
          metric: { name: "http_requests_per_second" },
          target: { type: "AverageValue", averageValue: "1000" },
        },
      });
      expect(at(inputs, "spec.behavior.scaleUp.policies")).to.deep.equal([
        { type: "Percent", value: 100, periodSeconds: 15 },
        { type: "Pods", value: 4, periodSeconds: 15 },
      ]);
      expect(at(inputs, "spec.behavior.scaleDown")).to.deep.include({
        stabilizationWindowSeconds: 300,
        policies: [{ type: "Percent", value: 10, periodSeconds: 60 }],
      });
    }
  });

  it("tells the metrics that it scales on where Prometheus can ask", () => {
    for (const name of services) {
      const { inputs } = recorded.find("ServiceMonitor", name);
      expect(at(inputs, "spec.endpoints.0.port")).to.equal("http");
    }
  });

  it("lets one pod of three be away at a time", () => {
    for (const name of services) {
      const { inputs } = recorded.find("PodDisruptionBudget", name);
      expect(at(inputs, "spec.maxUnavailable")).to.equal(1);
    }
  });

  it("gives each service a Role of its own, for what is its own", () => {
    for (const name of services) {
      const { inputs } = recorded.find("Role", name);
      expect(at(inputs, "rules")).to.deep.equal([
        { apiGroups: [""], resources: ["configmaps"], resourceNames: [name], verbs: ["get"] },
      ]);
    }
  });

  it("lets payments alone out of the cluster, to the addresses of the card processor", () => {
    const blocks = (name: string): unknown =>
      (at(recorded.find("NetworkPolicy", name).inputs, "spec.egress") as readonly Properties[])
        .flatMap(({ to }) => (to ?? []) as readonly Properties[])
        .flatMap(({ ipBlock }) => (ipBlock === undefined ? [] : [ipBlock]));
    expect(blocks("payments")).to.deep.equal([{ cidr: "203.0.113.0/24" }]);
    expect(blocks("orders")).to.deep.equal([]);
  });

  it("tells orders where the other two are", () => {
    expect(environmentIn(recorded, "orders")).to.include({
      PAYMENTS_ADDRESS: "payments.fulfilment.svc.cluster.local:8080",
      INVENTORY_ADDRESS: "inventory.fulfilment.svc.cluster.local:8080",
    });
  });
});
