import { expect } from "chai";
import type { TenantOutputs } from "../../../components/apps/platform-stack";
import type {
  EnvironmentCluster,
  EnvironmentNamespace,
} from "../../../operations/environment/cluster";
import { create, expire, list, remove } from "../../../operations/environment/environments";
import type { ClusterObject } from "../../../operations/environment/objects";
import type { EnvironmentStacks } from "../../../operations/environment/stacks";

const now = new Date("2026-01-01T00:00:00Z");
const compute = { cpu: "1", memory: "1Gi" } as const;
const storefront: TenantOutputs = {
  quota: { requests: compute, limits: compute, pods: 10, services: 5 },
  connections: [
    {
      demand: { kind: "database", key: "database/orders" },
      fields: {},
      secret: {
        namespace: "postgres",
        name: "db-pguser-preview",
        keys: ["uri", "ca.crt"],
        elsewhere: { "ca.crt": "db-ca" },
      },
      peers: [{ namespace: "postgres", podLabels: { role: "pgbouncer" }, ports: [5432] }],
      ready: [],
    },
  ],
};

/** A cluster and a backend that remember what was done. */
class World {
  readonly done: string[] = [];
  readonly applied: ClusterObject[] = [];
  readonly spaces = new Map<string, EnvironmentNamespace>();
  readonly known = new Set<string>();
  failing = "";
  previews: Readonly<Record<string, TenantOutputs>> = { storefront };

  readonly cluster: EnvironmentCluster = {
    namespace: (name) => Promise.resolve(this.spaces.get(name)),
    namespaces: () => Promise.resolve([...this.spaces.values()]),
    apply: (object) => {
      this.applied.push(object);
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
    prepare: (stack, name) => {
      this.done.push(`prepare ${stack} ${name}`);
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
    expect(world.done).to.deep.equal(["prepare preview-pr-12 pr-12", "up preview-pr-12"]);
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
        resourceNames: ["db-pguser-preview", "db-ca"],
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
    expect(world.done).to.deep.equal(["prepare preview-pr-12 pr-12", "up preview-pr-12"]);
  });

  it("goes on with its own namespaces", async () => {
    world.add("storefront-pr-12", "preview-pr-12");
    expect(await create(world.tools, "pr-12", { lifetime: 3600, now })).to.equal(0);
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
      "prepare preview-pr-12 pr-12",
      "destroy preview-pr-12",
      "stack preview-pr-12",
      "remove preview-pr-12",
      "forget preview-pr-12",
    ]);
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
