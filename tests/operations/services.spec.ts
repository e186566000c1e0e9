import { expect } from "chai";
import { controllersOf, isMain, servicesIn } from "../../operations/services";
import { rollbackArguments } from "../../operations/rollback";

const urn = (type: string, name: string): string => `urn:pulumi:test::slipway::${type}::${name}`;
const component = urn("slipway:apps:Workload", "apps-shop-orders");
const child = (type: string, name: string, object: string, more: object = {}) => ({
  urn: urn(`slipway:apps:Workload$${type}`, name),
  type,
  parent: component,
  inputs: { metadata: { name: object, namespace: "shop" } },
  ...more,
});
const release = { image: "orders:1", env: [], origin: "given" };
const resources = [
  { urn: component, type: "slipway:apps:Workload", inputs: { service: "shop/orders", release } },
  child("kubernetes:core/v1:ServiceAccount", "apps-shop-orders-service-account", "orders"),
  child("kubernetes:batch/v1:Job", "apps-shop-orders-migration", "orders-migration-0123456789"),
  child("kubernetes:batch/v1:Job", "apps-shop-orders-migration", "orders-migration-old", {
    delete: true,
  }),
  child("kubernetes:apps/v1:Deployment", "apps-shop-orders-deployment", "orders"),
];
const state = servicesIn({ deployment: { resources } });

describe("the services of a stack", () => {
  it("are those whose components its state has, with what runs their pods", () => {
    expect([...state.deployed.keys()]).to.deep.equal(["shop/orders"]);
    expect(controllersOf(state, "shop/orders")).to.deep.equal([
      {
        service: "shop/orders",
        kind: "Job",
        namespace: "shop",
        name: "orders-migration-0123456789",
      },
      { service: "shop/orders", kind: "Deployment", namespace: "shop", name: "orders" },
    ]);
  });

  it("are told from the jobs beside their rollouts", () => {
    expect(controllersOf(state, "shop/orders").filter(isMain)).to.have.length(1);
    const job = { service: "shop/import", kind: "Job", namespace: "shop" } as const;
    expect(isMain({ ...job, name: "import-0123456789" })).to.equal(true);
    expect(isMain({ ...job, name: "import-smoke-test-0123456789" })).to.equal(false);
  });

  it("are named in full, and a misspelt one gets the nearest", () => {
    expect(() => controllersOf(state, "shop/order"))
      .to.throw('This stack has not deployed "shop/order".')
      .with.property(
        "fix",
        'A service is named <application>/<service>: did you mean "shop/orders"?',
      );
  });

  it("are found by their own names, where the application is missing or another", () => {
    for (const name of ["orders", "stop/orders"]) {
      expect(() => controllersOf(state, name))
        .to.throw(`This stack has not deployed "${name}".`)
        .with.property("fix")
        .that.contains('did you mean "shop/orders"?');
    }
  });

  it("are none before the first update", () => {
    const empty = servicesIn({ deployment: {} });
    expect(() => controllersOf(empty, "shop/orders"))
      .to.throw("has not deployed")
      .with.property("fix", "It has no services: run pulumi up first.");
  });
});

describe("the command line of a rollback", () => {
  it("targets the service's component, what is in it and its ConfigMaps, and no more", () => {
    const at = state.urns.get("shop/orders");
    if (at === undefined) {
      throw new Error("The state has no shop/orders.");
    }
    const args = rollbackArguments("production", at);
    expect(args.slice(0, 5)).to.deep.equal([
      ...["up", "--stack", "production", "--yes", "--skip-preview"],
    ]);
    expect(args.filter((arg) => arg !== "--target").slice(5)).to.deep.equal([
      component,
      ...[1, 2, 4].map((index) => resources[index]?.urn),
      "**ConfigMap::apps-shop-orders-config-env",
      "**ConfigMap::apps-shop-orders-config-files",
    ]);
  });
});
