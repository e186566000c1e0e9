import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** The root of the checkout. */
export const checkout = resolve(__dirname, "..");

/** Every path of one sandbox. Nothing outside `root` and the cache is written. */
export interface SandboxFolder {
  /** The folder itself, absolute. */
  readonly root: string;
  /** Address and credentials of the cluster. */
  readonly kubeconfig: string;
  /** Plugins and workspaces of the Pulumi CLI (PULUMI_HOME). */
  readonly pulumiHome: string;
  /** The file backend that holds the stacks' state. */
  readonly state: string;
  /** The passphrase that encrypts the secrets in that state. */
  readonly passphrase: string;
  /** Scratch copies of the stack files. */
  readonly stacks: string;
  /** The data of etcd. */
  readonly etcd: string;
  /** One log file per process and per build. */
  readonly logs: string;
  /** Keys, certificates and tokens of the control plane. */
  readonly access: string;
  /** The processes that were started, as JSON. */
  readonly processes: string;
  /** What was decided for this sandbox (ports, tools, cluster, charts), as JSON. */
  readonly decisions: string;
}

/** The paths of the sandbox in a folder; by default `.sandbox` in the checkout, or SLIPWAY_SANDBOX. */
export function sandboxFolder(
  root = process.env["SLIPWAY_SANDBOX"] ?? join(checkout, ".sandbox"),
): SandboxFolder {
  const at = (...names: string[]): string => join(resolve(root), ...names);
  return {
    root: resolve(root),
    kubeconfig: at("kubeconfig"),
    pulumiHome: at("pulumi-home"),
    state: at("state"),
    passphrase: at("passphrase"),
    stacks: at("stacks"),
    etcd: at("etcd"),
    logs: at("logs"),
    access: at("access"),
    processes: at("processes.json"),
    decisions: at("decisions.json"),
  };
}

/** Makes the sandbox's folder, readable by its owner only: it holds credentials. */
export function createFolder(folder: SandboxFolder): void {
  mkdirSync(folder.root, { recursive: true, mode: 0o700 });
  for (const path of [folder.logs, folder.access, folder.stacks, folder.state, folder.pulumiHome]) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  }
}

/**
 * A sandbox and those inside it: rendering has an API server of its own in a folder below, which a kill may
 * leave running.
 */
export function withNested(folder: SandboxFolder): readonly SandboxFolder[] {
  const nested = readdirSync(folder.root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => sandboxFolder(join(folder.root, entry.name)))
    .filter(({ processes }) => existsSync(processes));
  return [folder, ...nested];
}

/** The folder of the built binaries, shared by every clone on the machine. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const shared = environment["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  return resolve(environment["SLIPWAY_CACHE"] ?? join(shared, "slipway"));
}
