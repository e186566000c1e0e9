import { accessSync, constants, existsSync, mkdirSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join, resolve } from "node:path";
import { Failure, errorCode } from "./terminal/failure";

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

/** What commands keep inside a sandbox's folder, perhaps before there is a sandbox. */
const inside: readonly string[] = [
  ...["render", "fixtures", "environments"],
  // Of a tool that was built before there was a cluster.
  ...["logs", "decisions.json"],
];

/**
 * Makes the sandbox's folder, readable by its owner only: it holds credentials.
 * @throws Failure for a path that cannot be a folder, and for a folder of somebody else's: `reset` would remove it.
 */
export function createFolder(folder: SandboxFolder): void {
  const { root } = folder;
  const holds = "the cluster and the state";
  createOwnFolder(root, { variable: "SLIPWAY_SANDBOX", holds, mode: 0o700 });
  if (isForeign(root)) {
    throw new Failure(
      `${root} has other things in it. The sandbox needs a folder of its own, because "reset" removes all of it.`,
      "Set SLIPWAY_SANDBOX to a folder that is empty or not there yet, or unset it: .sandbox in the checkout.",
    );
  }
  for (const path of [folder.pulumiHome, folder.logs, folder.access, folder.stacks, folder.state]) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  }
}

function isForeign(root: string): boolean {
  const names = readdirSync(root);
  return (
    // Nobody else calls a folder so, and tests keep their own things in theirs.
    !basename(root).startsWith(".sandbox") &&
    !names.includes("pulumi-home") &&
    !names.every((name) => inside.includes(name.replace(/\.lock$/, "")))
  );
}

/** Makes the folder of the built binaries. */
export function createCache(path: string): void {
  createOwnFolder(path, { variable: "SLIPWAY_CACHE", holds: "the built programs" });
}

/** What a folder is for, and the variable that moves it. */
interface Purpose {
  readonly variable: string;
  readonly holds: string;
  /** Who may do what in it. @default - what the umask leaves */
  readonly mode?: number;
}

function createOwnFolder(path: string, { variable, holds, mode }: Purpose): void {
  const refuse = (problem: string): Failure =>
    new Failure(
      `${path}, the folder for ${holds}, ${problem}.`,
      `Set ${variable} to a folder that you can write to, or make this one usable.`,
    );
  try {
    mkdirSync(path, { recursive: true, ...(mode === undefined ? {} : { mode }) });
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = errorCode(error) ?? "";
    throw problems[code] === undefined ? error : refuse(problems[code]);
  }
}

/** Why a folder cannot be made or written to, by the system's code. */
const problems: Readonly<Record<string, string>> = {
  EEXIST: "is a file",
  ENOTDIR: "would be below a file",
  EACCES: "is not writable for you",
  EPERM: "is not writable for you",
  EROFS: "is on a disk that is mounted read-only",
  ENOENT: "cannot be made: a link on the way leads nowhere",
  ENAMETOOLONG: "has too long a name",
};

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
