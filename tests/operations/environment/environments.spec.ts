import { expect } from "chai";
import type { PreviewOutputs } from "../../../components/apps/platform-stack";
import type { Connection } from "../../../components/kit/connection";
import type {
  EnvironmentCluster,
  EnvironmentNamespace,
} from "../../../operations/environment/cluster";
import { create, expire, list, remove } from "../../../operations/environment/environments";
import type { ClusterObject } from "../../../operations/environment/objects";
import type { EnvironmentStacks } from "../../../operations/environment/stacks";

const now = new Date("2026-01-01T00:00:00Z");
const compute = { cpu: "1", memory: "1Gi" } as const;
const ordersIn = (slot: number): Connection => ({
  demand: { kind: "database", key: "database/orders" },
  fields: {},
  secret: {
    namespace: "postgres",
    name: `db-pguser-preview-${String(slot)}`,
    keys: ["uri", "ca.crt"],
    elsewhere: { "ca.crt": "db-ca" },
  },
  peers: [{ namespace: "postgres", podLabels: { role: "pgbouncer" }, ports: [5432] }],
  ready: [],
});
const storefront: PreviewOutputs = {
  quota: { requests: compute, limits: compute, pods: 10, services: 5 },
  maxConnections: 100,
  slots: [[ordersIn(1)], [ordersIn(2)]],
};

/** A cluster and a backend that remember what was done; worlds may share who has which slot. */
class World {
  constructor(readonly claimed = new Map<number, string>()) {}

  readonly done: string[] = [];
  readonly applied: ClusterObject[] = [];
  readonly spaces = new Map<string, EnvironmentNamespace>();
  readonly known = new Set<string>();
  failing = "";
  previews: Readonly<Record<string, PreviewOutputs>> = { storefront };

  readonly cluster: EnvironmentCluster = {
    namespace: (name) => Promise.resolve(this.spaces.get(name)),
    namespaces: () => Promise.resolve([...this.spaces.values()]),
    claims: () => Promise.resolve(new Map(this.claimed)),
    claim: (slot, stack) => {
      const isFree = !this.claimed.has(slot);
      if (isFree) {
        this.claimed.set(slot, stack);
      }
      return Promise.resolve(isFree);
    },
    wipe: (slot) => {
      this.done.push(`wipe ${String(slot)}`);
      return this.failing === `wipe ${String(slot)}`
        ? Promise.reject(new Error("not empty"))
        : Promise.resolve();
    },
    apply: (object) => {
      this.applied.push(object);
      if (object.kind === "Namespace") {
        const { name, labels = {} } = object.metadata;
        const slot = Number(labels["slipway.dev/environment-slot"]);
        this.spaces.set(name, {
          name,
          stack: labels["slipway.dev/environment"],
          slot,
          leaving: false,
        });
      }
      return Promise.resolve();
    },
    secret: (namespace, name) =>
      Promise.resolve({ apiVersion: "v1", kind: "Secret", metadata: { name, namespace } }),
    remove: (stack) => {
      this.done.push(`remove ${stack}`);
      return Promise.resolve();
    },
  };

  readonly stacks: EnvironmentStacks = {
    template: {
      stack: "preview",
      platformStack: "staging",
      environment: "preview",
      applications: ["storefront"],
      pullSecrets: ["registry"],
      simulated: false,
    },
    cluster: () => ({ context: "staging", identity: "1" }),
    platformOutputs: () => Promise.resolve({ previews: this.previews }),
    exists: (stack) => Promise.resolve(this.known.has(stack)),
    prepare: (stack, name, slot) => {
      this.done.push(`prepare ${stack} ${name} ${String(slot)}`);
      return Promise.resolve();
    },
    run: (stack, [command = ""]) => {
      this.done.push(`${command} ${stack}`);
      return Promise.resolve(`${command} ${stack}` === this.failing ? 1 : 0);
    },
    forget: (stack) => {
      this.done.push(`forget ${stack}`);
    },
  };

  readonly tools = { stacks: this.stacks, cluster: this.cluster, print: () => undefined };

  add(name: string, stack: string | undefined, expires?: string): void {
    this.spaces.set(name, {
      name,
      leaving: false,
      ...(stack === undefined ? {} : { stack }),
      ...(expires === undefined ? {} : { expires: new Date(expires) }),
    });
  }
}

async function refusal(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "",
    (error: unknown) => String(error),
  );
}

describe("creating a preview environment", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  const names = (kind: string) =>
    world.applied
      .filter((object) => object.kind === kind)
      .map(({ metadata }) => `${metadata.namespace ?? ""}/${metadata.name}`);

  it("makes its namespaces first, closed, with a quota and an end, and then its stack", async () => {
    await create(world.tools, "pr-12", { lifetime: 3600, now });
    expect(names("NetworkPolicy")).to.include.members([
      "storefront-pr-12/default-deny",
      "storefront-pr-12/allow-dns",
    ]);
    expect(names("ResourceQuota")).to.deep.equal(["storefront-pr-12/quota"]);
    expect(world.applied[0]?.metadata).to.deep.include({
      annotations: { "slipway.dev/expires": "2026-01-01T01:00:00.000Z" },
    });
    expect(world.applied[0]?.metadata.labels).to.include({
      "slipway.dev/environment": "preview-pr-12",
      "slipway.dev/environment-of": "preview",
      "pod-security.kubernetes.io/enforce": "restricted",
      // By which secret stores know whom they serve.
      "app.kubernetes.io/managed-by": "pulumi",
    });
    expect(world.done).to.deep.equal(["prepare preview-pr-12 pr-12 1", "up preview-pr-12"]);
  });

  it("opens the way to exactly the Secrets and pods that the platform stack has for previews", async () => {
    await create(world.tools, "pr-12", { lifetime: 3600, now });
    const role = world.applied.find(
      ({ kind, metadata }) => kind === "Role" && metadata.namespace === "postgres",
    );
    expect(role?.rules).to.deep.equal([
      {
        apiGroups: [""],
        resources: ["secrets"],
        resourceNames: ["db-pguser-preview-1", "db-ca"],
        verbs: ["get"],
      },
    ]);
    expect(role?.metadata.labels).to.deep.equal({ "slipway.dev/environment": "preview-pr-12" });
    expect(names("NetworkPolicy")).to.include("postgres/storefront-pr-12-0");
  });

  it("brings the Secrets that pull images", async () => {
    await create(world.tools, "pr-12", { lifetime: 3600, now });
    expect(names("Secret")).to.deep.equal(["storefront-pr-12/registry"]);
  });

  it("gives rights to who deploys it, where one is named, and to nobody else", async () => {
    await create(world.tools, "pr-12", { lifetime: 3600, now });
    expect(names("RoleBinding")).to.deep.equal(["postgres/storefront-pr-12-secrets"]);
    const runner = { kind: "User", name: "ci" } as const;
    await create(world.tools, "pr-12", { lifetime: 3600, now, runner });
    expect(names("RoleBinding")).to.include.members([
      "storefront-pr-12/environment-runner",
      "kube-system/preview-pr-12-guard",
    ]);
  });

  it("does either half alone", async () => {
    await create(world.tools, "pr-12", { lifetime: 3600, now, only: "namespaces" });
    expect(world.done).to.deep.equal([]);
    const objects = world.applied.length;
    await create(world.tools, "pr-12", { lifetime: 3600, now, only: "stack" });
    expect(world.applied).to.have.length(objects);
    expect(world.done).to.deep.equal(["prepare preview-pr-12 pr-12 1", "up preview-pr-12"]);
  });

  it("goes on with its own namespaces", async () => {
    world.add("storefront-pr-12", "preview-pr-12");
    expect(await create(world.tools, "pr-12", { lifetime: 3600, now })).to.equal(0);
  });

  it("has data to itself: two made at once get two slots, and a third is refused", async () => {
    const other = new World(world.claimed);
    await Promise.all([
      create(world.tools, "pr-1", { lifetime: 3600, now }),
      create(other.tools, "pr-2", { lifetime: 3600, now }),
    ]);
    expect([...world.claimed.values()].sort()).to.deep.equal(["preview-pr-1", "preview-pr-2"]);
    const third = create(new World(world.claimed).tools, "pr-3", { lifetime: 3600, now });
    expect(await refusal(third)).to.contain(
      "for 2 preview environments at once, and all of it is in use: preview-pr-1, preview-pr-2.",
    );
  });

  it("keeps its slot when it is made again", async () => {
    world.claimed.set(2, "preview-pr-12");
    await create(world.tools, "pr-12", { lifetime: 3600, now });
    expect([...world.claimed]).to.deep.equal([[2, "preview-pr-12"]]);
    expect(world.done).to.include("prepare preview-pr-12 pr-12 2");
    const role = world.applied.find(
      ({ kind, metadata }) => kind === "Role" && metadata.namespace === "postgres",
    );
    expect(JSON.stringify(role?.rules)).to.contain("db-pguser-preview-2");
  });

  it("is refused where a namespace is another's, is nobody's, or is going", async () => {
    const make = () => refusal(create(world.tools, "pr-12", { lifetime: 3600, now }));
    world.add("storefront-pr-12", undefined);
    expect(await make()).to.contain("storefront-pr-12 is there and is no environment's");
    world.add("storefront-pr-12", "qa-pr-12");
    expect(await make()).to.contain("storefront-pr-12 is there and is that of qa-pr-12");
    world.spaces.set("storefront-pr-12", {
      name: "storefront-pr-12",
      stack: "preview-pr-12",
      leaving: true,
    });
    expect(await make()).to.contain("storefront-pr-12 is being deleted");
    expect(world.applied).to.deep.equal([]);
  });

  it("is refused where the platform stack lets the application have none", async () => {
    world.previews = {};
    expect(await refusal(create(world.tools, "pr-12", { lifetime: 3600, now }))).to.contain(
      "The stack staging lets storefront have no preview environments.",
    );
    expect(world.applied).to.deep.equal([]);
  });
});

describe("deleting a preview environment", () => {
  it("destroys its stack, removes it, and then its grants and namespaces", async () => {
    const world = new World();
    world.known.add("preview-pr-12");
    await remove(world.tools, "pr-12");
    expect(world.done).to.deep.equal([
      "prepare preview-pr-12 pr-12 1",
      "destroy preview-pr-12",
      "stack preview-pr-12",
      "remove preview-pr-12",
      "forget preview-pr-12",
    ]);
  });

  it("empties its data before its slot is free, and keeps both while it cannot", async () => {
    const world = new World();
    world.claimed.set(2, "preview-pr-12").set(1, "preview-pr-1");
    await remove(world.tools, "pr-12");
    expect(world.done).to.deep.equal(["wipe 2", "remove preview-pr-12", "forget preview-pr-12"]);
    world.done.length = 0;
    world.failing = "wipe 2";
    expect(await refusal(remove(world.tools, "pr-12"))).to.contain("not empty");
    expect(world.done).to.not.include("remove preview-pr-12");
  });

  it("removes the namespaces of one whose stack is gone already", async () => {
    const world = new World();
    await remove(world.tools, "pr-12");
    expect(world.done).to.deep.equal(["remove preview-pr-12", "forget preview-pr-12"]);
  });

  it("keeps its namespaces while its stack cannot be destroyed", async () => {
    const world = new World();
    world.known.add("preview-pr-12");
    world.failing = "destroy preview-pr-12";
    expect(await remove(world.tools, "pr-12")).to.equal(1);
    expect(world.done).to.not.include("remove preview-pr-12");
  });
});

describe("preview environments whose time is over", () => {
  it("are removed, and no others; one that cannot be keeps none of the rest", async () => {
    const world = new World();
    world.add("storefront-one", "preview-one", "2025-12-31T00:00:00Z");
    world.add("storefront-two", "preview-two", "2026-01-02T00:00:00Z");
    world.add("storefront-old", "preview-old", "2025-12-01T00:00:00Z");
    world.add("storefront-odd", "preview-odd", "some day");
    world.add("storefront-qa", "qa-one", "2025-12-01T00:00:00Z");
    world.known.add("preview-old");
    world.failing = "destroy preview-old";
    const names = (await list(world.tools)).map(({ name }) => name);
    expect(names).to.deep.equal(["odd", "old", "one", "two"]);
    expect(await expire(world.tools, now)).to.equal(1);
    expect(world.done.filter((line) => line.startsWith("remove"))).to.deep.equal([
      "remove preview-one",
    ]);
  });
});
