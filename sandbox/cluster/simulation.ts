import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type SandboxFolder, checkout } from "../folder";
import { type Daemon } from "../processes/daemon";

/** The files under sandbox/kwok by what they are for. */
export interface SimulationFiles {
  /** Stages, which kwok reads itself. */
  readonly stages: readonly string[];
  /** Kubernetes objects, such as the nodes, which are applied once the API server is ready. */
  readonly objects: readonly string[];
}

/** Sorts the YAML files of a folder into kwok's own configuration and objects of the cluster. */
export function simulationFiles(folder = join(checkout, "sandbox", "kwok")): SimulationFiles {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => join(folder, name));
  const isStage = (file: string): boolean =>
    /^apiVersion: (kwok|config\.kwok)\.x-k8s\.io\//m.test(readFileSync(file, "utf8"));
  return {
    stages: files.filter(isStage),
    objects: files.filter((file) => !isStage(file)),
  };
}

/** kwok: plays the kubelets of the simulated nodes and the status of what no operator answers for. */
export function kwok(binary: string, folder: SandboxFolder, stages: readonly string[]): Daemon {
  return {
    name: "kwok",
    file: binary,
    args: [
      `--kubeconfig=${folder.kubeconfig}`,
      "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake",
      // The kubelet's own lease. Without one the controllers take a node for dead after a minute, and its
      // pods for not ready.
      "--node-lease-duration-seconds=40",
      ...stages.map((file) => `--config=${file}`),
    ],
    log: join(folder.logs, "kwok.log"),
  };
}

/** The player: what a Stage cannot play, such as the Secrets an operator writes. */
export function player(bundle: string, folder: SandboxFolder): Daemon {
  return {
    name: "player",
    file: process.execPath,
    args: [bundle, `--kubeconfig=${folder.kubeconfig}`],
    log: join(folder.logs, "player.log"),
  };
}
