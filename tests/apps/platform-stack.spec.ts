import type { Resource } from "@pulumi/pulumi";
import { expect } from "chai";
import { application, service } from "../../components/apps/declaration";
import {
  platformOutputs,
  PlatformStack,
  readPlatformStack,
  refuseUnmet,
  type PlatformOutputs,
} from "../../components/apps/platform-stack";
import { previewsIn } from "../../components/apps/previews";
import { secret } from "../../components/apps/store-secret";
import { tenantsIn } from "../../components/apps/tenants";
import { bucket, connectionLimits, database, stream } from "../../components/data";
import type { ApplicationDemand, Demand } from "../../components/kit/connection";
import { deploy } from "../support/mocks";
import { connectionTo, platform } from "./fixtures";
import { web } from "./shop";

const ordering = database("orders");
const announce = stream("messages", { publish: "msg.orders" });
const pictures = bucket("pictures");
const key = secret("payments", { store: "vault", key: "payments", fields: { apiKey: "key" } });
const compute = { cpu: "1", memory: "1Gi" } as const;
const quota = { requests: compute, limits: compute, pods: 10, services: 5 };
const storefront = application({
  name: "storefront",
  team: "storefront",
  services: [
    service("auth", { ...web, uses: { ordering } }),
    service("orders", { ...web, uses: { ordering, announce } }),
  ],
});

const [tenant] = tenantsIn({ storefront: {} }, [storefront], {
  environment: "test",
  retention: "keep",
});
if (tenant === undefined) {
  throw new Error("The tenant was not found.");
}
const tenants = [tenant];
const limits = connectionLimits({
  parameters: { max_connections: 100 },
  pgBouncer: { replicas: 2 },
});
const plan = { tenants, connections: { limits, takers: tenant.connections } };

/** What a platform stack hands out, as another stack reads it: by way of JSON. */
function handedOut(): PlatformOutputs {
  const data = { connect: (_: string, demand: Demand) => connectionTo(demand) };
  return JSON.parse(JSON.stringify(platformOutputs({ platform, data }, plan))) as PlatformOutputs;
}

function refusal(run: () => void): string {
  try {
    run();
    return "";
  } catch (error) {
    return String(error);
  }
}

const demandOf = (demand: Demand, name = "storefront"): ApplicationDemand => ({
  application: name,
  namespace: name,
  demand,
});

describe("what a platform stack hands out", () => {
  it("is nothing when it has no tenants or no platform", () => {
    expect(platformOutputs({ platform }, { tenants: [] })).to.deep.equal({});
    expect(platformOutputs({}, plan)).to.deep.equal({});
  });

  it("says of the controllers what a stack of applications needs, and waits for nothing", () => {
    const { edge, certificates } = new PlatformStack("platform", handedOut()).platform;
    expect(edge).to.deep.equal({ ...platform.edge, ready: [] });
    expect(certificates.ready).to.deep.equal([]);
  });

  it("names its secret stores, to which nothing is left to wait for", () => {
    const store = {} as Resource;
    const withStore = { ...platform, secretStores: { ready: [store], stores: { vault: [store] } } };
    const { secretStores } = platformOutputs({ platform: withStore }, { tenants }).platform ?? {};
    expect(secretStores).to.deep.equal({ ready: [], stores: { vault: [] } });
  });

  it("meets each demand as the stack's own data room would, with nothing left to wait for", () => {
    const stack = new PlatformStack("platform", handedOut());
    const connection = stack.connect("storefront", announce);
    expect(connection).to.deep.equal({ ...connectionTo(announce), ready: [] });
    expect(connection.demand).to.equal(announce);
  });

  it("says how many connections there may be, and who takes them", () => {
    expect(new PlatformStack("platform", handedOut()).connections).to.deep.equal(plan.connections);
  });

  it("meets a database whatever pool a later declaration opens", () => {
    const stack = new PlatformStack("platform", handedOut());
    const larger = database("orders", { poolSize: 20 });
    stack.refuseMissing([storefront], [demandOf(larger)]);
    expect(stack.connect("storefront", larger).demand).to.equal(larger);
  });

  it("demands each thing once, however many services use it", () => {
    expect(tenant.demands.map(({ demand }) => demand.key)).to.deep.equal([
      ordering.key,
      announce.key,
    ]);
  });
});

const previewSettings = {
  applications: ["storefront" as const],
  atOnce: 2,
  connections: 50,
  quota,
};

describe("what a platform stack hands out to preview environments", () => {
  const asked: ApplicationDemand[] = [];
  const data = {
    connect: (application: string, demand: Demand) => {
      asked.push(demandOf(demand, application));
      return connectionTo(demand);
    },
  };
  const announced = stream("messages", { consumer: "mailer" });
  const shop = application({
    name: "storefront",
    team: "storefront",
    services: [
      service("orders", { ...web, uses: { ordering, announce, announced, pictures, key } }),
    ],
  });
  const previews = previewsIn(previewSettings, [shop]);
  const outputs = JSON.parse(
    JSON.stringify(platformOutputs({ platform, data }, { tenants, previews })),
  ) as PlatformOutputs;
  const place = { name: "pr-12", slot: 2 };
  const stack = new PlatformStack("staging", outputs, place);

  it("is data of their own, which the application finds by what it declares", () => {
    expect(asked.map(({ application: by, demand }) => `${by} ${demand.key}`)).to.include.members([
      "storefront-preview-1 database/orders-preview-1",
      "storefront-preview-2 database/orders-preview-2",
      "storefront-preview-2 bucket/pictures-preview-2",
      "storefront-preview-2 stream/messages-publish",
      "storefront-preview-2 stream/messages-mailer",
    ]);
    expect(stack.connect("storefront", pictures).fields.bucket).to.deep.equal({
      kind: "plain",
      value: "bucket/pictures-preview-2",
    });
  });

  it("is apart from what the application's own stack gets", () => {
    const own = new PlatformStack("staging", outputs);
    expect(own.connect("storefront", ordering).secret).to.deep.equal(connectionTo(ordering).secret);
    expect(stack.connect("storefront", ordering).secret).to.not.deep.equal(
      connectionTo(ordering).secret,
    );
  });

  it("is apart from what every other environment gets", () => {
    const other = new PlatformStack("staging", outputs, { name: "pr-13", slot: 1 });
    for (const demand of [ordering, pictures]) {
      expect(other.connect("storefront", demand)).to.not.deep.equal(
        stack.connect("storefront", demand),
      );
    }
  });

  it("is nothing in a slot that is not there, with the line to change there", () => {
    const third = new PlatformStack("staging", outputs, { name: "pr-14", slot: 3 });
    const text = refusal(() => {
      third.refuseMissing([shop], [demandOf(ordering)]);
    });
    expect(text).to.contain(
      "slipway:previewEnvironment.slot: got 3, but the stack staging has data for 2 previews at once.",
    );
    expect(text).to.not.contain("did not make");
  });

  it("is how many connections each may open, too", () => {
    expect(stack.maxConnections("storefront")).to.equal(50);
    expect(new PlatformStack("staging", outputs).maxConnections("storefront")).to.equal(undefined);
  });

  it("is what each of their namespaces may use", () => {
    expect(stack.tenant("storefront")?.quota).to.deep.equal(quota);
  });

  it("is nothing for an application that may have none, with the line to add there", () => {
    const text = refusal(() => {
      stack.refuseMissing([{ name: "fulfilment" }], []);
    });
    expect(text).to.contain(
      'fulfilment: may have no preview environments beside the stack staging. Add "fulfilment" to slipway:previews.applications in Pulumi.staging.yaml, and run pulumi up --stack staging.',
    );
  });

  it("has no secret of a store, which comes from the store itself", () => {
    expect(asked.filter(({ demand }) => demand.kind === "secret")).to.deep.equal([]);
  });

  it("is refused where a name leaves no room for the previews' own", () => {
    const long = application({
      name: "storefront",
      team: "storefront",
      services: [service("orders", { ...web, uses: { long: database("o".repeat(33)) } })],
    });
    expect(refusal(() => previewsIn(previewSettings, [long]))).to.contain(
      `storefront uses database/${"o".repeat(33)}: The database name`,
    );
  });
});

describe("a stack of applications is refused", () => {
  const stack = new PlatformStack("acme/slipway/production-platform", handedOut());

  it("not while the platform stack knows it and meets its demands", () => {
    expect(
      refusal(() => {
        stack.refuseMissing([storefront], [demandOf(ordering), demandOf(announce)]);
      }),
    ).to.equal("");
  });

  it("when an application is no tenant, with the line to add there", () => {
    const text = refusal(() => {
      stack.refuseMissing([{ name: "fulfilment" }], [demandOf(ordering, "fulfilment")]);
    });
    expect(text)
      .to.contain('Add "fulfilment: {}" below slipway:tenants in Pulumi.production-platform.yaml')
      .and.to.contain("pulumi up --stack acme/slipway/production-platform");
  });

  it("when it demands what was declared since the platform stack was deployed", () => {
    const wider = stream("messages", { publish: ["msg.orders", "msg.refunds"] });
    for (const demand of [database("carts"), wider]) {
      const text = refusal(() => {
        stack.refuseMissing([storefront], [demandOf(demand)]);
      });
      expect(text).to.contain(`demands ${demand.key}`).and.to.contain("run pulumi up --stack acme");
    }
  });

  it("when its own stack has a platform, but no data room", () => {
    expect(refusal(() => refuseUnmet({ platform: {} }, [demandOf(ordering)]))).to.contain(
      "demands database/orders, but slipway:rooms leaves data out",
    );
    expect(refusal(() => refuseUnmet({ platform: {}, data: {} }, [demandOf(ordering)]))).to.equal(
      "",
    );
  });
});

describe("the platform stack", () => {
  const read = (outputs: object, name = "production-platform") =>
    deploy(() => readPlatformStack(name), {
      state: (type) => (type === "pulumi:pulumi:StackReference" ? { outputs } : {}),
    });

  it("is not asked for where the stack has a platform of its own", async () => {
    expect(await readPlatformStack(undefined)).to.equal(undefined);
  });

  it("is found in the stack's own organization and project when only its name is said", async () => {
    let asked: unknown;
    await deploy(() => readPlatformStack("production-platform"), {
      state: (_type, inputs) => {
        asked = inputs.name;
        return { outputs: handedOut() };
      },
    });
    expect(asked).to.equal("acme/slipway/production-platform");
  });

  it("is refused when it hands nothing out", async () => {
    const error: unknown = await read({}).catch((reason: unknown) => reason);
    expect(String(error)).to.contain("The stack production-platform").and.to.contain("pulumi up");
  });
});
