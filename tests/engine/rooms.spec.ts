import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { openEnvironmentCluster } from "../../operations/environment/cluster";
import {
  create,
  expire,
  list,
  remove,
  type Tools,
} from "../../operations/environment/environments";
import { environmentLabel } from "../../operations/environment/objects";
import { openStacks } from "../../operations/environment/stacks";
import { standInCharts } from "../../sandbox/stack/chart-source";
import { fillStackFile } from "../../sandbox/stack/stack-file";
import { connections, type Network, type NetworkPolicy } from "../support/connectivity";
import {
  engine,
  get,
  kubectl,
  program,
  pulumi,
  root,
  type KubernetesObject,
  type Run,
} from "./support";

/** In seconds. */
const hour = 3600;

const emptyCluster = ["default", "kube-node-lease", "kube-public", "kube-system"];

describe("a platform stack and stacks of applications", function () {
  this.timeout("5m");

  const applications = ["storefront", "fulfilment"] as const;
  const deployments = async (): Promise<readonly KubernetesObject[]> =>
    (await Promise.all(applications.map((name) => get("deployments", "-n", name)))).flat();
  const atTheSameTime = async (command: "up" | "destroy"): Promise<void> => {
    const runs = await Promise.all(
      applications.map((name) =>
        pulumi(command, "--stack", `sandbox-${name}`, "--yes", "--skip-preview"),
      ),
    );
    for (const run of runs) {
      succeeds(run);
    }
  };

  it("are refused on a cluster that is not theirs, before anything is made", async () => {
    const { context, uid } = await engine.identify();
    const other = randomUUID();
    const before = await clusterWide();
    const { code, text } = await pulumi(
      ...["up", "--stack", "sandbox-platform", "--yes", "--skip-preview"],
      `--config-file=${stackFile("sandbox-platform", { context, identity: other })}`,
    );
    expect(code).to.not.equal(0);
    expect(text).to.contain(
      `"${context}" leads to the cluster ${uid}, but slipway:cluster.identity names ${other}`,
    );
    expect(before).to.include.members(await clusterWide());
  });

  it("come up one by one, the platform with its data services first", async () => {
    succeeds(await pulumi("up", "--stack", "sandbox-platform", "--yes", "--skip-preview"));
    expect(await namespaces()).to.include.members(["postgres", ...applications]);
    expect(await deployments()).to.deep.equal([]);
  });

  it("come up at the same time beside their platform", async () => {
    const before = await clusterWide();
    await atTheSameTime("up");
    const deployed = await deployments();
    expect(deployed.map(({ metadata }) => metadata.namespace)).to.include.members([
      ...applications,
    ]);
    expect(deployed.filter((deployment) => !isAvailable(deployment)).map(nameOf)).to.deep.equal([]);
    expect(before).to.include.members(await clusterWide());
  });

  it("let two preview environments stand beside them, at the same time and apart", async () => {
    const tools = await environmentTools();
    const runner = { kind: "ServiceAccount", name: "runner", namespace: "default" } as const;
    const codes = await Promise.all([
      create(tools, "one", { lifetime: hour, runner }),
      create(tools, "two", { lifetime: 3 * hour }),
    ]);
    expect(codes).to.deep.equal([0, 0]);
    for (const namespace of ["storefront-one", "storefront-two"]) {
      const deployed = await get("deployments", "-n", namespace);
      expect(deployed.map(nameOf)).to.have.members(["auth", "products", "orders", "notifications"]);
      expect(deployed.filter((each) => !isAvailable(each)).map(nameOf)).to.deep.equal([]);
      expect((await get("resourcequotas", "-n", namespace)).map(nameOf)).to.deep.equal(["quota"]);
    }
    const paths = connections(
      await liveNetwork(["storefront", "storefront-one", "storefront-two"]),
    );
    expect(paths).to.include("storefront-one/orders → storefront-one/products:8080");
    expect(
      paths.filter((path) => new Set(path.match(/storefront[-a-z]*(?=\/)/g)).size > 1),
    ).to.deep.equal([]);
  });

  it("let who deploys an environment do so there, and neither elsewhere nor to its quota", async () => {
    const may = async (...question: readonly string[]): Promise<boolean> =>
      (await engine.kubectl(
        ["auth", "can-i", "--quiet", "--as=system:serviceaccount:default:runner", ...question],
        { onOutput: () => undefined },
      )) === 0;
    expect(await may("create", "deployments", "-n", "storefront-one")).to.equal(true);
    expect(await may("get", "namespaces/kube-system", "-n", "kube-system")).to.equal(true);
    expect(await may("update", "resourcequotas", "-n", "storefront-one")).to.equal(false);
    expect(await may("get", "secrets", "-n", "storefront-one")).to.equal(false);
    expect(await may("create", "deployments", "-n", "storefront-two")).to.equal(false);
    expect(await may("create", "deployments", "-n", "storefront")).to.equal(false);
  });

  it("lose an environment whose time is over, and no other, and nothing of the platform's", async () => {
    const tools = await environmentTools();
    const uids = async (): Promise<readonly string[]> =>
      (await get("deployments", "-n", "storefront-two")).map(({ metadata }) => metadata.uid);
    const before = await uids();
    expect((await list(tools)).map(({ name }) => name)).to.deep.equal(["one", "two"]);
    expect(await expire(tools, new Date(Date.now() + 2 * hour * 1000))).to.equal(0);
    expect((await list(tools)).map(({ name }) => name)).to.deep.equal(["two"]);
    expect(await namespaces())
      .to.include("storefront-two")
      .and.not.include("storefront-one");
    expect(await uids()).to.deep.equal(before);
    expect(await remove(tools, "two")).to.equal(0);
    expect(
      await get("roles,rolebindings,networkpolicies", "-A", "-l", environmentLabel),
    ).to.deep.equal([]);
    expect((await deployments()).filter((each) => !isAvailable(each)).map(nameOf)).to.deep.equal(
      [],
    );
  });

  it("take nothing of their platform with them when they are destroyed", async () => {
    await atTheSameTime("destroy");
    expect(await deployments()).to.deep.equal([]);
    expect(await namespaces()).to.include.members(["postgres", ...applications]);
  });

  it("leave no namespace behind where their data is to be deleted", async () => {
    succeeds(await pulumi("destroy", "--stack", "sandbox-platform", "--yes", "--skip-preview"));
    expect(await namespaces()).to.have.members(emptyCluster);
  });
});

describe("data that a stack keeps", function () {
  this.timeout("5m");

  const secret = ["secret", "minio-root", "--namespace", "minio"] as const;
  const run = (...args: readonly string[]): Promise<Run> => program("kept", [...args, "--yes"]);
  let first: Readonly<Record<string, string>> = {};

  before(async () => {
    const { context, uid } = await engine.identify();
    const config = {
      "kept:retention": "keep",
      "kept:context": context,
      "kept:identity": uid,
      "kept:charts": standInCharts,
    };
    succeeds(await program("kept", ["up", "--yes", "--skip-preview"], config));
    first = await data();
    expect(first).to.include.keys(
      "Namespace postgres",
      "PostgresCluster postgres db",
      "PriorityClass slipway-platform",
      "Namespace minio",
      "StatefulSet minio minio",
      "Secret minio minio-root",
    );
  });

  it("outlives a destroy with the credentials that open it", async () => {
    succeeds(await run("state", "unprotect", "--all"));
    succeeds(await run("destroy", "--skip-preview"));
    expect(await namespaces()).to.have.members([...emptyCluster, "postgres", "minio"]);
    expect(await data()).to.deep.equal(first);
  });

  it("is not taken by an up where an object lacks the label: it is named, and what hands it over", async () => {
    const handOver = ["label", "--overwrite", ...secret, "slipway.dev/stack=test"];
    await kubectl("label", ...secret, "slipway.dev/stack-");
    const { code, text } = await run("up");
    expect(code).to.not.equal(0);
    expect(text).to.contain("The Secret minio/minio-root already exists");
    expect(text).to.contain(`kubectl ${handOver.join(" ")}`);
    expect(await data()).to.deep.equal(first);
    await kubectl(...handOver);
  });

  it("is taken back by the next up, the same objects and the same credentials", async () => {
    succeeds(await run("up", "--skip-preview"));
    expect(await data()).to.deep.equal(first);
  });

  it("opens with the same credentials once the stack says to delete it, and leaves no namespace behind", async () => {
    const config = { "kept:retention": "delete" };
    succeeds(await program("kept", ["up", "--yes", "--skip-preview"], config));
    const { "Secret minio minio-root": kept } = await data();
    expect(kept).to.be.a("string").that.equals(first["Secret minio minio-root"]);
    succeeds(await run("destroy", "--skip-preview"));
    expect(await namespaces()).to.have.members(emptyCluster);
  });
});

async function environmentTools(): Promise<Tools> {
  const stacks = openStacks("sandbox-preview", engine);
  const cluster = await openEnvironmentCluster(stacks.cluster());
  // Quietly: what the engine prints is of no interest here.
  const run: typeof stacks.run = async (stack, args) =>
    (await pulumi(...args, "--stack", stack)).code;
  return { stacks: { ...stacks, run }, cluster, print: () => undefined };
}

/** The pods of some namespaces, and every network policy. */
async function liveNetwork(spaces: readonly string[]): Promise<Network> {
  type Labelled = KubernetesObject & {
    readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
  };
  const all = (await get("namespaces")) as readonly Labelled[];
  const pods = (await Promise.all(spaces.map((space) => get("pods", "-n", space)))).flat();
  return {
    policies: (await get("networkpolicies", "-A")) as unknown as readonly NetworkPolicy[],
    namespaces: Object.fromEntries(
      all.map(({ metadata }) => [metadata.name, metadata.labels ?? {}]),
    ),
    pods: (pods as readonly Labelled[]).map(({ metadata, spec }) => {
      const containers = spec?.containers as readonly {
        readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
      }[];
      const labels = metadata.labels ?? {};
      return {
        name: `${String(metadata.namespace)}/${String(labels.app)}`,
        namespace: String(metadata.namespace),
        labels,
        ports: containers.flatMap(({ ports = [] }) =>
          ports.map(({ name, containerPort: number }) => ({ ...(name && { name }), number })),
        ),
      };
    }),
  };
}

/** A copy of a stack file of the checkout with another cluster in it. */
function stackFile(stack: string, cluster: { context: string; identity: string }): string {
  const source = join(root, `Pulumi.${stack}.yaml`);
  const folder = join(engine.folder.root, "rooms");
  mkdirSync(folder, { recursive: true });
  const copy = join(folder, `Pulumi.${stack}.yaml`);
  writeFileSync(
    copy,
    fillStackFile(readFileSync(source, "utf8"), { ...cluster, simulated: true }, source),
  );
  return copy;
}

function succeeds({ code, text }: Run): void {
  expect(code, text).to.equal(0);
}

function nameOf({ metadata }: KubernetesObject): string {
  return metadata.name;
}

/** What the controller says: an autoscaler may have asked for more pods a moment ago. */
function isAvailable({ status }: KubernetesObject): boolean {
  const conditions = (status?.conditions ?? []) as readonly Readonly<Record<string, unknown>>[];
  return conditions.some(({ type, status: holds }) => type === "Available" && holds === "True");
}

async function namespaces(): Promise<readonly string[]> {
  return (await get("namespaces")).map(nameOf);
}

/** Every object that belongs to no namespace, but for the addresses that the API server hands to Services. */
async function clusterWide(): Promise<readonly string[]> {
  let kinds = "";
  await engine.kubectl(
    ["api-resources", "--namespaced=false", "--verbs=list,create", "--output=name"],
    { onOutput: (text) => (kinds += text) },
  );
  const objects = await get(kinds.trim().split("\n").join(","));
  return objects
    .filter(({ kind }) => kind !== "IPAddress")
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
}

/** The uid of everything that is kept or holds data, and what the Secrets among it hold. */
async function data(): Promise<Readonly<Record<string, string>>> {
  const kinds = "secrets,statefulsets,postgresclusters,persistentvolumeclaims";
  const objects = (
    await Promise.all([
      get("namespaces,customresourcedefinitions,priorityclasses", "-l", "slipway.dev/stack"),
      get(kinds, "--namespace", "postgres"),
      get(kinds, "--namespace", "minio"),
    ])
  ).flat() as readonly (KubernetesObject & { readonly data?: unknown })[];
  return Object.fromEntries(
    objects.map(({ kind, metadata, data: held }) => [
      [kind, metadata.namespace, metadata.name].filter((part) => part !== undefined).join(" "),
      kind === "Secret" ? `${metadata.uid} ${JSON.stringify(held)}` : metadata.uid,
    ]),
  );
}
