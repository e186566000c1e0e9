import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import {
  connectionProblems,
  connectionTakers,
  previewConnectionProblems,
  type ConnectionBudget,
  type ConnectionTaker,
  type PreviewShare,
} from "../../components/apps/connection-budget";
import {
  nodeService,
  scheduledJob,
  service,
  type DeclaredService,
} from "../../components/apps/declaration";
import { readPlan } from "../../components/apps/plan";
import { platformOutputs, type PlatformOutputs } from "../../components/apps/platform-stack";
import { maxSurge } from "../../components/apps/workload/rollout";
import { connectionLimits, database } from "../../components/data";
import { parseSettings, projectConfig } from "../../components/settings";
import type { Demand } from "../../components/kit/connection";
import { deploy } from "../support/mocks";
import { allFeatures } from "../support/rooms";
import { connectionTo, platform } from "./fixtures";
import { resources, web as shopWeb } from "./shop";

const ordering = database("orders", { poolSize: 7 });
const stock = database("stock");
const { typical } = resources;
const web = { ...shopWeb, scaling: { fixed: 2 }, rollout: { maxSurge: 1 } } as const;

/** Who connects, of services as they are declared: `pods most × each way`. */
function takersOf(...services: readonly DeclaredService[]): readonly string[] {
  const connecting = services.map((declaration) => ({
    declaration,
    shape: declaration,
    env: declaration.env ?? {},
  }));
  return connectionTakers("shop", connecting).map(
    ({ pods, most, each, database: name, way }) =>
      `${pods} ${String(most)} × ${String(each)} ${way} ${name}`,
  );
}

describe("who connects to a database", () => {
  const uses = { ordering };
  const env = { DATABASE_URL: ordering.url };

  it("is each pod there may be, with those that a rollout adds, by its pool", () => {
    const scaling = { hpa: { min: 2, max: 9 } };
    expect(takersOf(service("orders", { ...web, uses, env, scaling }))).to.deep.equal([
      "orders 10 × 7 pooler orders",
    ]);
  });

  it("is nobody who uses none", () => {
    expect(takersOf(service("orders", web))).to.deep.equal([]);
  });

  it("goes past the pooler where its environment has the direct address", () => {
    const direct = { DATABASE_URL: ordering.directUrl };
    expect(takersOf(service("orders", { ...web, uses, env: direct }))).to.deep.equal([
      "orders 3 × 7 direct orders",
    ]);
    expect(
      takersOf(service("orders", { ...web, uses, env: { ...env, SESSION: ordering.directUrl } })),
    ).to.deep.equal(["orders 3 × 7 pooler orders", "orders 3 × 7 direct orders"]);
  });

  it("counts as a client of the pooler where no environment says the address", () => {
    const login = { DB_USER: ordering.user, DB_PASSWORD: ordering.password };
    expect(takersOf(service("orders", { ...web, uses, env: login }))).to.deep.equal([
      "orders 3 × 7 pooler orders",
    ]);
  });

  it("is a migration and a smoke test, too, with the service's environment and their own", () => {
    const jobs = {
      migration: { args: ["up"], env: { DATABASE_URL: ordering.directUrl } },
      smokeTest: { args: ["test"] },
    };
    expect(takersOf(service("orders", { ...web, uses, env, ...jobs }))).to.deep.equal([
      "orders 3 × 7 pooler orders",
      "orders (migration) 1 × 7 direct orders",
      "orders (smoke test) 1 × 7 pooler orders",
    ]);
  });

  it("is a scheduled job as often as it runs at once", () => {
    const schedule = { cron: "*/10 * * * *", concurrency: "Allow", deadline: "30m" } as const;
    const uses = { stock };
    expect(takersOf(scheduledJob("report", { schedule, resources, uses }))).to.deep.equal([
      "report 3 × 10 pooler stock",
    ]);
  });

  it("is each container that reads the address, but an init container only before the others", () => {
    const sidecar = {
      image: "registry.example.com/proxy:1",
      resources: { typical },
      ports: { admin: 9901 },
      probes: {
        liveness: { tcp: { port: "admin" } },
        readiness: { http: { path: "/ready", port: "admin" } },
      },
      env,
    } as const;
    const warm = { resources: { typical }, env };
    const both = { sidecars: { sidecar }, initContainers: { warm } };
    expect(takersOf(service("orders", { ...web, uses, env, ...both }))).to.deep.equal([
      "orders 3 × 14 pooler orders",
    ]);
    expect(
      takersOf(service("orders", { ...web, uses, initContainers: { warm, again: warm } })),
    ).to.deep.equal(["orders 3 × 7 pooler orders"]);
  });

  it("is not known of what runs on each node", () => {
    expect(takersOf(nodeService("agent", { ...web, uses, env }))).to.deep.equal([]);
  });
});

const taker = (changes: Partial<ConnectionTaker>): ConnectionTaker => ({
  application: "shop",
  pods: "orders",
  most: 1,
  each: 10,
  database: "orders",
  way: "direct",
  ...changes,
});

/** What is said of these takers where Postgres takes 113: 100 after the reserve of 13. */
function refusal(takers: readonly ConnectionTaker[], poolers = 2, stack?: string): string {
  const limits = connectionLimits({
    parameters: { max_connections: 113 },
    pgBouncer: { replicas: poolers },
  });
  return connectionProblems({ limits, takers }, stack)
    .map(({ field, message }) => `${field}: ${message}`)
    .join("\n");
}

describe("the connections of a stack", () => {
  it("may be as many as Postgres takes less its reserve, and not one more", () => {
    expect(refusal([taker({ most: 10 })])).to.equal("");
    expect(refusal([taker({ most: 10 }), taker({ pods: "audit", each: 1 })])).to.equal(
      "connections to Postgres: there may be 101 at once, but it has 100 for applications: max_connections 113, less 3 " +
        "for superusers and 10 for its upkeep. Raise slipway:data.postgres.parameters.max_connections to 114, or lower " +
        "poolSize, or the most pods, of the greediest:\n" +
        "      100  shop/orders: 10 pods × 10\n" +
        "        1  shop/audit: 1 pod × 1",
    );
  });

  it("count as what the pooler opens, not as what it lets in", () => {
    const pooled = taker({ way: "pooler", most: 90 });
    // 20 for each of two pods, and one for each to look up passwords: 42.
    expect(refusal([pooled, taker({ each: 58 })])).to.equal("");
    expect(refusal([pooled, taker({ each: 59 })]))
      .to.contain("there may be 101 at once")
      .and.contain("40  the pooler for shop's user of the database orders")
      .and.contain("2  the pooler to look up passwords");
  });

  it("count once for services that share a user of a database, and for each user otherwise", () => {
    const pooled = taker({ way: "pooler", most: 3 });
    expect(refusal([pooled, { ...pooled, pods: "audit" }, taker({ each: 58 })])).to.equal("");
    expect(refusal([pooled, { ...pooled, database: "audit" }, taker({ each: 58 })])).to.contain(
      "there may be 122 at once",
    );
  });

  it("are no more to the pooler than its pods let in while one is away", () => {
    const pooled = taker({ way: "pooler", most: 100 });
    expect(refusal([pooled])).to.equal("");
    expect(refusal([pooled], 1)).to.equal("");
    expect(refusal([{ ...pooled, most: 101 }], 2)).to.equal(
      "connections to pgBouncer: there may be 1010 at once, but it lets 1000 in: 1000 (max_client_conn) for each of " +
        "its pods but one, which may be away. Raise slipway:data.postgres.pgBouncer.replicas to 3, or lower poolSize, " +
        "or the most pods, of the greediest:\n" +
        "     1010  shop/orders: 101 pods × 10",
    );
    expect(refusal([{ ...pooled, most: 101 }], 3)).to.equal("");
  });

  it("count what is kept for previews as often as there may be some, to Postgres and its pooler", () => {
    const share = { application: "shop", atOnce: 3, each: 20, databases: 6 };
    const limits = connectionLimits({
      parameters: { max_connections: 113 },
      pgBouncer: { replicas: 2 },
    });
    const problems = (previews: readonly PreviewShare[], ...takers: readonly ConnectionTaker[]) =>
      connectionProblems({ limits, takers, previews }).map(({ message }) => message);
    // 60, and one for each database and each of two pods to look up passwords.
    expect(problems([share], taker({ each: 28 }))).to.deep.equal([]);
    expect(problems([share], taker({ each: 29 })).join())
      .to.contain("there may be 101 at once")
      .and.contain("60  slipway:previews of shop: 3 × 20");
    expect(problems([{ ...share, each: 400 }])).to.have.length(2);
  });

  it("of a preview are no more than what is kept for each", () => {
    const takers = [taker({ each: 20 }), taker({ application: "other", each: 99 })];
    expect(previewConnectionProblems(takers, "shop", 20, "staging")).to.deep.equal([]);
    const [problem] = previewConnectionProblems(takers, "shop", 19, "staging");
    expect(problem).to.deep.equal({
      field: "shop's connections to databases",
      message:
        "there may be 20 at once, but the stack staging keeps 19 for each preview of it. Lower poolSize, or the most " +
        "pods, of the greediest, or raise slipway:previews.connections there:\n       20  shop/orders: 1 pod × 20",
    });
  });

  it("are refused with the stack to change where that is another", () => {
    expect(refusal([taker({ most: 11 })], 2, "production-platform")).to.contain(
      "parameters.max_connections of the stack production-platform to 123",
    );
  });

  it("leave what Postgres is told to reserve, and what it reserves untold", () => {
    const pgBouncer = { replicas: 1 };
    const told = { superuser_reserved_connections: 5, reserved_connections: "4" };
    expect(connectionLimits({ parameters: told, pgBouncer })).to.deep.include({
      server: 100,
      reserved: { superusers: 9, upkeep: 10 },
    });
  });
});

describe("the connections of the shipped stacks", () => {
  const root = join(__dirname, "..", "..");
  const facts = { given: { services: {}, others: "1.0.0" }, deployed: new Map() };
  const stacks = readdirSync(root)
    .map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1])
    .filter((stack) => stack !== undefined);

  function settingsOf(stack: string) {
    const { config } = parse(readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8")) as {
      readonly config: Readonly<Record<string, unknown>>;
    };
    const texts = Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    return parseSettings(projectConfig(Object.fromEntries(texts) as Record<string, string>));
  }

  it("fit in each stack, and are refused where Postgres takes fewer", async () => {
    for (const stack of stacks.filter((name) => settingsOf(name).data !== undefined)) {
      const settings = settingsOf(stack);
      const { connections } = await readPlan(settings, facts);
      expect(connections?.takers, stack).to.not.deep.equal([]);
      const { data } = settings;
      const fewer = data && {
        ...data,
        postgres: { ...data.postgres, parameters: { max_connections: 60 } },
      };
      const refused: unknown = await readPlan({ ...settings, data: fewer }, facts).catch(
        (reason: unknown) => reason,
      );
      expect(String(refused), stack).to.contain("connections to Postgres: there may be");
    }
  });

  it("are those of the tenants, too, as they are declared", async () => {
    const { connections } = await readPlan(settingsOf("sandbox-platform"), facts);
    expect(connections?.takers.map(({ application }) => application)).to.include.members([
      "storefront",
      "fulfilment",
    ]);
  });

  it("are those of whoever shares the platform stack, where the applications have stacks of their own", async () => {
    const platformPlan = await readPlan(settingsOf("sandbox-platform"), facts);
    const data = { connect: (_: string, demand: Demand) => connectionTo(demand) };
    const rooms = { platform: { ...platform, features: allFeatures }, data };
    const handedOut = JSON.parse(
      JSON.stringify(platformOutputs(rooms, platformPlan)),
    ) as PlatformOutputs;
    const settings = settingsOf("sandbox-storefront");
    const connectionsBeside = async (outputs: object): Promise<ConnectionBudget | undefined> => {
      let connections: ConnectionBudget | undefined;
      await deploy(
        async () => {
          ({ connections } = await readPlan(settings, facts));
        },
        { state: (type) => (type === "pulumi:pulumi:StackReference" ? { outputs } : {}) },
      );
      return connections;
    };

    const connections = await connectionsBeside(handedOut);
    const others = platformPlan.tenants.filter(({ name }) => name !== "storefront");
    expect(connections?.takers.filter(({ application }) => application !== "storefront"))
      .to.have.length.above(0)
      .and.to.deep.equal(others.flatMap((tenant) => tenant.connections));
    const auth = connections?.takers.filter(({ pods }) => pods === "auth");
    expect(auth?.map(({ most }) => most)).to.deep.equal([2 + maxSurge({})]);

    const limits = { ...handedOut.connections?.limits, server: 60 };
    const takers = handedOut.connections?.takers;
    const refused: unknown = await connectionsBeside({
      ...handedOut,
      connections: { limits, takers },
    }).catch((reason: unknown) => reason);
    expect(String(refused)).to.contain("max_connections of the stack sandbox-platform to ");
    // A platform stack of an earlier version says nothing of connections.
    expect(await connectionsBeside({ ...handedOut, connections: undefined })).to.equal(undefined);
  });
});
