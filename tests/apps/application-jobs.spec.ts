import { expect } from "chai";
import { service, type ApplicationDeclaration } from "../../components/apps/declaration";
import { resolveApplications } from "../../components/apps/resolve";
import type { StackSettings } from "../../components/apps/resolved";
import type { Properties, Recorded } from "../support/mocks";
import { at, images } from "./fixtures";
import { deployShop, ordering, settings, shop, web } from "./shop";

describe("an application's migration and smoke test", () => {
  const migrated = service("orders", {
    ...web,
    uses: { ordering },
    env: { DATABASE_URL: ordering.url },
    migration: { command: ["/migrate"], env: { DATABASE_URL: ordering.password } },
    smokeTest: { args: ["http://orders:8080/ready"] },
  });
  const declaration: ApplicationDeclaration = { ...shop, services: [migrated] };
  const deployMigrated = (changes: Partial<StackSettings> = {}): Promise<Recorded> =>
    deployShop(changes, declaration);
  const nameOf = (recorded: Recorded): unknown =>
    at(recorded.find("Job", "apps-shop-orders-migration").inputs, "metadata.name");

  it("read the Secrets of the service's connections, which are carried over for them", async () => {
    const recorded = await deployMigrated();
    const { inputs } = recorded.find("Job", "apps-shop-orders-migration");
    expect(
      (at(inputs, "spec.template.spec.containers") as readonly Properties[])[0]?.env,
    ).to.deep.equal([
      {
        name: "DATABASE_URL",
        valueFrom: { secretKeyRef: { name: "orders-database-orders", key: "password" } },
      },
    ]);
    const secret = recorded.find("ExternalSecret", "orders-database-orders");
    expect(at(secret.inputs, "spec.data")).to.have.length(2);
  });

  it("are done again when the stack says so", async () => {
    const services = { orders: { env: {}, migration: { retry: 1 } } };
    expect(nameOf(await deployMigrated({ services }))).to.not.equal(nameOf(await deployMigrated()));
  });

  it("may call the service, over the network policies of both ends", async () => {
    const policy = (await deployMigrated()).find("NetworkPolicy", "apps-shop-orders-paths").inputs;
    expect(at(policy, "spec.podSelector.matchLabels")).to.deep.equal({ app: "orders" });
    expect(JSON.stringify(at(policy, "spec.ingress"))).to.contain('"matchLabels":{"app":"orders"}');
    expect(JSON.stringify(at(policy, "spec.egress"))).to.contain('"matchLabels":{"app":"orders"}');
  });

  it("run as the stand-in that ends, where one stands in for the service", () => {
    const standIn = { image: "registry.example.com/any:1", args: ["serve"], jobArgs: ["end"] };
    const [application] = resolveApplications([{ declaration, settings }], {
      environment: "test",
      images: { ...images, given: { services: {} }, default: standIn },
    });
    const shape = application?.services[0]?.shape;
    expect(shape).to.have.property("args", standIn.args);
    expect(shape).to.have.nested.property("migration.args", standIn.jobArgs);
    expect(shape).to.have.nested.property("migration.command", undefined);
  });
});
