import { expect } from "chai";
import { at } from "./fixtures";
import { containerIn, deployApplication, environmentIn, saidIn } from "./deployed";
import type { Properties, Recorded } from "../support/mocks";

/** The demo's services with the port of each Service, as its manifests have them. */
const ports: Readonly<Record<string, number>> = {
  frontend: 80,
  adservice: 9555,
  cartservice: 7070,
  checkoutservice: 5050,
  currencyservice: 7000,
  emailservice: 5000,
  paymentservice: 50051,
  productcatalogservice: 3550,
  recommendationservice: 8080,
  shippingservice: 50051,
  "redis-cart": 6379,
};
const space = "online-boutique.svc.cluster.local";

describe("the online boutique", () => {
  let recorded: Recorded;
  before(async () => {
    recorded = await deployApplication("online-boutique");
  });

  it("has the demo's services on the demo's ports", () => {
    const services = recorded
      .all("Service")
      .map(({ inputs }) => [
        at(inputs, "metadata.name"),
        (at(inputs, "spec.ports") as readonly Properties[]).map(({ port }) => port),
      ]);
    expect(Object.fromEntries(services)).to.deep.equal(
      Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, [port]])),
    );
  });

  it("tells each service the addresses that the demo's code asks for", () => {
    expect(environmentIn(recorded, "checkoutservice")).to.deep.equal({
      PORT: "5050",
      CART_SERVICE_ADDR: `cartservice.${space}:7070`,
      CURRENCY_SERVICE_ADDR: `currencyservice.${space}:7000`,
      EMAIL_SERVICE_ADDR: `emailservice.${space}:5000`,
      PAYMENT_SERVICE_ADDR: `paymentservice.${space}:50051`,
      PRODUCT_CATALOG_SERVICE_ADDR: `productcatalogservice.${space}:3550`,
      SHIPPING_SERVICE_ADDR: `shippingservice.${space}:50051`,
    });
    expect(environmentIn(recorded, "cartservice")).to.deep.equal({
      REDIS_ADDR: `redis-cart.${space}:6379`,
    });
  });

  it("asks gRPC services for their health, and whether they live by a connection", () => {
    const container = containerIn(recorded, "currencyservice");
    expect(at(container, "readinessProbe.grpc")).to.deep.equal({ port: 7000 });
    expect(at(container, "livenessProbe.tcpSocket")).to.deep.equal({ port: 7000 });
  });

  it("pins every public image by its tag", () => {
    const images = Object.keys(ports).map((name) => String(containerIn(recorded, name).image));
    for (const image of images) {
      expect(image).to.match(/:(v[0-9]+\.[0-9]+\.[0-9]+|[0-9]+\.[0-9]+\.[0-9]+-alpine)$/);
    }
  });

  it("exposes its pages, and nothing else", () => {
    const backends = recorded
      .all("Ingress")
      .map(({ inputs }) => at(inputs, "spec.rules.0.http.paths.0.backend.service.name"));
    expect(backends).to.deep.equal(["frontend"]);
  });

  it("has one Redis, which ends before another starts", () => {
    const { inputs } = recorded.find("Deployment", "redis-cart");
    expect(at(inputs, "spec.replicas")).to.equal(1);
    expect(at(inputs, "spec.strategy")).to.deep.equal({ type: "Recreate" });
  });

  it("has three pods of each service in production, never two on a host, and spread over the zones", async () => {
    const inProduction = await deployApplication(
      "online-boutique",
      saidIn("production", "online-boutique"),
    );
    const replicated = Object.keys(ports).filter((name) => name !== "redis-cart");
    for (const name of replicated) {
      const { inputs } = inProduction.find("Deployment", name);
      expect(at(inputs, "spec.replicas"), name).to.equal(3);
      const pod = at(inputs, "spec.template.spec") as Properties;
      const [apart] = at(
        pod,
        "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution",
      ) as readonly Properties[];
      expect(apart, name).to.include({ topologyKey: "kubernetes.io/hostname" });
      expect(at(pod, "topologySpreadConstraints.0"), name).to.include({
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: "ScheduleAnyway",
      });
    }
  });

  it("may have two pods on a host in staging", async () => {
    const inStaging = await deployApplication(
      "online-boutique",
      saidIn("staging", "online-boutique"),
    );
    const { inputs } = inStaging.find("Deployment", "frontend");
    expect(at(inputs, "spec.template.spec")).to.not.have.property("affinity");
  });
});
