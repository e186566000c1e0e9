import { createHash } from "node:crypto";
import { join } from "node:path";
import { stringify } from "yaml";
import { type SandboxFolder } from "../folder";
import { writeWhole } from "../json-file";
import { type CommandResult, runCommand } from "../processes/command";
import { runLogged } from "../processes/logged";
import { Failure } from "../terminal/failure";
import { type Progress } from "../terminal/progress";
import { findOnPath } from "../toolchain/path-tool";
import { type Cluster, type Kubectl } from "./cluster";
import { identifyBy, runKubectl } from "./named";

const embeddedInstead = "or leave --cluster away for the embedded cluster";

/** A kind cluster of this sandbox's own: real nodes, as containers of a Docker engine. */
export function kindCluster(folder: SandboxFolder, kubectl: Kubectl, progress: Progress): Cluster {
  const name = kindName(folder.root);
  return {
    simulated: false,
    check: checkDocker,
    async up() {
      await checkDocker();
      const nodes = await nodeContainers(name);
      if (nodes.length === 0) {
        await progress.step("Creating the kind cluster", () => create(folder, name));
      } else {
        expect(await runCommand("docker", ["start", ...nodes]), "docker start");
        await kind("export", "kubeconfig", `--name=${name}`, `--kubeconfig=${folder.kubeconfig}`);
      }
      await progress.step("Waiting for the nodes", async () => {
        const ready = ["wait", "node", "--all", "--for=condition=Ready", "--timeout=180s"];
        expect(await runKubectl(kubectl, folder.kubeconfig, ready), "Waiting for the nodes");
      });
    },
    identify: () => identifyBy(kubectl, folder),
    async down() {
      if (!isInstalled(progress, name)) {
        return;
      }
      const nodes = await nodeContainers(name);
      if (nodes.length > 0) {
        expect(await runCommand("docker", ["stop", ...nodes]), "docker stop");
      }
    },
    async remove() {
      if (!isInstalled(progress, name)) {
        return;
      }
      await kind("delete", "cluster", `--name=${name}`, `--kubeconfig=${folder.kubeconfig}`);
    },
  };
}

/** The cluster's name: one for each sandbox folder, so that two checkouts do not share it. */
export function kindName(root: string): string {
  return `slipway-${createHash("sha256").update(root).digest("hex").slice(0, 8)}`;
}

/** One control-plane node and a worker in each of three zones, as the embedded cluster has them. */
export function kindConfig(): string {
  const worker = (zone: string): object => ({
    role: "worker",
    labels: {
      "topology.kubernetes.io/region": "sandbox",
      "topology.kubernetes.io/zone": `sandbox-${zone}`,
    },
  });
  return stringify({
    kind: "Cluster",
    apiVersion: "kind.x-k8s.io/v1alpha4",
    nodes: [{ role: "control-plane" }, ...["a", "b", "c"].map(worker)],
  });
}

async function create(folder: SandboxFolder, name: string): Promise<void> {
  const config = join(folder.root, "kind.yaml");
  const log = join(folder.logs, "kind.log");
  writeWhole(config, kindConfig());
  const args = [`--name=${name}`, `--config=${config}`, `--kubeconfig=${folder.kubeconfig}`];
  const code = await runLogged("kind", ["create", "cluster", ...args], {
    log,
    cwd: folder.root,
    env: {},
  });
  if (code !== 0) {
    throw new Failure(
      `kind could not create the cluster (log: ${log}).`,
      `Read the log and run: npm run sandbox -- reset; ${embeddedInstead}.`,
    );
  }
}

async function checkDocker(): Promise<void> {
  for (const [command, address] of [
    ["docker", "https://docs.docker.com/engine/install"],
    ["kind", "https://kind.sigs.k8s.io"],
  ] as const) {
    if (findOnPath(command) === undefined) {
      throw new Failure(
        `--cluster kind needs ${command}, which is not installed.`,
        `Install it (${address}), ${embeddedInstead}.`,
      );
    }
  }
  const engine = await runCommand("docker", ["info"], { timeout: 15_000 });
  if (engine.code !== 0) {
    throw new Failure(
      "--cluster kind needs a Docker engine, and none answers.",
      `Start Docker, ${embeddedInstead}.`,
    );
  }
}

/** Without kind there is most likely no cluster either; `reset` must not fail for it. */
function isInstalled(progress: Progress, name: string): boolean {
  const installed = findOnPath("kind") !== undefined;
  if (!installed) {
    progress.note(`  kind is not installed: containers of the cluster ${name}, if any, are left.`);
  }
  return installed;
}

async function nodeContainers(name: string): Promise<readonly string[]> {
  const { stdout } = await kind("get", "nodes", `--name=${name}`);
  return stdout.split("\n").filter((line) => line.startsWith(name));
}

async function kind(...args: readonly string[]): Promise<CommandResult> {
  const result = await runCommand("kind", args);
  expect(result, `kind ${args.slice(0, 2).join(" ")}`);
  return result;
}

function expect(result: CommandResult, what: string): void {
  if (result.code !== 0) {
    throw new Failure(
      `${what} failed: ${result.stderr.trim().split("\n").at(-1) ?? ""}`,
      "Look at the containers with docker ps, or start anew: npm run sandbox -- reset",
    );
  }
}
