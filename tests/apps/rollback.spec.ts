import { expect } from "chai";
import { Application } from "../../components/apps/application";
import { resolveApplications } from "../../components/apps/resolve";
import type { DeployedService, Release } from "../../components/apps/workload/release";
import { deploy } from "../support/mocks";
import { connectionTo, images, platform } from "./fixtures";
import { settings, shop } from "./shop";

const image = (version: string): string => `registry.example.com/acme/shop/orders:${version}`;
const old: Release = {
  image: image("1.4.1"),
  env: [
    { name: "LEVEL", value: "debug" },
    { name: "DATABASE_URL", value: { secretName: "orders-database-orders", key: "uri" } },
  ],
  config: { env: { COLOUR: "blue" } },
  origin: "given",
};
const deployed = (changes: Partial<DeployedService> = {}): DeployedService => ({
  release: { ...old, image: image("1.4.2"), config: undefined },
  before: { current: old },
  applied: true,
  failed: false,
  steps: ["controller"],
  again: [],
  ...changes,
});

const resolve = (
  rollback: string,
  orders: DeployedService | undefined,
  given = {},
  others?: string,
) =>
  resolveApplications([{ declaration: shop, settings }], {
    environment: "test",
    images: {
      ...images,
      given: { services: given, others },
      default: { image: "registry.example.com/acme/any:9", args: [] },
    },
    deployed: orders === undefined ? new Map() : new Map([["shop/orders", orders]]),
    rollback,
  });

describe("a rollback", () => {
  it("brings back image, environment and configuration of the service, and of it only", async () => {
    const [application] = resolve("shop/orders", deployed());
    if (application === undefined) {
      throw new Error("No application was resolved.");
    }
    const recorded = await deploy(
      () =>
        new Application("apps-shop", {
          application,
          platform,
          connect: connectionTo,
          pullSecrets: [],
        }),
    );
    const containerOf = (name: string): unknown => {
      const { spec } = recorded.find("Deployment", name).inputs as {
        spec: { template: { spec: { containers: readonly unknown[] } } };
      };
      return spec.template.spec.containers[0];
    };
    expect(containerOf("orders")).to.deep.include({
      image: image("1.4.1"),
      env: [
        { name: "LEVEL", value: "debug" },
        {
          name: "DATABASE_URL",
          valueFrom: { secretKeyRef: { name: "orders-database-orders", key: "uri" } },
        },
      ],
    });
    expect(recorded.all("ConfigMap").map(({ inputs }) => inputs.data)).to.deep.equal([
      { COLOUR: "blue" },
    ]);
    expect(containerOf("auth")).to.include({ image: "registry.example.com/acme/any:9" });
  });

  it("makes every other service a bystander", () => {
    const [application] = resolve("shop/orders", deployed());
    const bystanders = application?.services.filter(({ release }) => release.bystander);
    expect(bystanders?.map(({ declaration }) => declaration.name)).to.have.members([
      "auth",
      "products",
      "report",
    ]);
  });

  it("is no business of a run that names none", () => {
    for (const none of [undefined, ""]) {
      const [application] = resolve(none as string, deployed());
      expect(application?.services.some(({ release }) => release.rollback)).to.equal(false);
    }
  });

  it("is refused for a service that is not there, with the nearest that is", () => {
    expect(() => resolve("shop/ordres", deployed())).to.throw(
      'SLIPWAY_ROLLBACK: names "shop/ordres", which is not deployed; did you mean "shop/orders"?',
    );
  });

  it("is refused for a service that this stack never deployed", () => {
    expect(() => resolve("shop/orders", undefined)).to.throw(
      'SLIPWAY_ROLLBACK: names "shop/orders", which this stack has never deployed.',
    );
  });

  it("is refused for a service with no predecessor", () => {
    expect(() => resolve("shop/orders", deployed({ before: {} }))).to.throw(
      `names "shop/orders", which has no predecessor: ${image("1.4.2")} is its first image.`,
    );
  });

  it("is refused for a service that is given a version at the same time", () => {
    expect(() => resolve("shop/orders", deployed(), { "shop/orders": "1.4.3" })).to.throw(
      'names "shop/orders", to which SLIPWAY_IMAGES gives a version; name it in one of them.',
    );
  });

  it("is refused where the predecessor reads a Secret that nobody carries any more", () => {
    const env = [{ name: "BUCKET_KEY", value: { secretName: "orders-bucket-bills", key: "key" } }];
    expect(() =>
      resolve("shop/orders", deployed({ before: { current: { ...old, env } } })),
    ).to.throw('whose predecessor reads BUCKET_KEY from the Secret "orders-bucket-bills"');
  });
});

describe("a service is a bystander", () => {
  const bystanders = (given: Record<string, string>, others?: string): readonly string[] =>
    resolve("", deployed(), given, others)
      .flatMap(({ services }) => services)
      .filter(({ release }) => release.bystander)
      .map(({ declaration }) => declaration.name);

  it("of a run that gives versions to others", () => {
    expect(bystanders({ "shop/auth": "2" })).to.have.members(["products", "orders", "report"]);
  });

  it("of no run that gives a version to all that are not named", () => {
    expect(bystanders({ "shop/auth": "2" }, "3")).to.deep.equal([]);
  });

  it("of no run that names no service", () => {
    expect(bystanders({})).to.deep.equal([]);
  });
});
