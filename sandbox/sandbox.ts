import { existsSync, rmSync } from "node:fs";
import { type ClusterRequest, chooseCluster, inWords } from "./cluster/choice";
import { type Cluster, type ClusterIdentity, type Kubectl } from "./cluster/cluster";
import { embeddedCluster } from "./cluster/embedded";
import { kindCluster } from "./cluster/kind";
import { namedCluster } from "./cluster/named";
import { type ClusterChoice, decide, readDecisions } from "./decisions";
import { type SandboxFolder, cacheFolder, createFolder, sandboxFolder, withNested } from "./folder";
import { bundlePlayer } from "./player/bundle";
import { runAttached } from "./processes/attached";
import { endProcesses } from "./processes/end";
import { withLock } from "./processes/lock";
import { findManagers } from "./cluster/objects";
import { type FindManagers } from "./stack/pending";
import { readPulumiCommand } from "./stack/arguments";
import { chartMirror } from "./stack/chart-source";
import { ensurePassphrase, pulumiEnvironment } from "./stack/environment";
import { defaultStack } from "./stack/project";
import { readsStackFile, runPulumi } from "./stack/pulumi";
import { type StackFacts } from "./stack/stack-file";
import { Failure } from "./terminal/failure";
import { type Progress, silentProgress } from "./terminal/progress";
import { findOnPath } from "./toolchain/path-tool";
import { providePlugins } from "./toolchain/plugins";
import { Toolchain } from "./toolchain/toolchain";

/** Where a sandbox is, and how it tells what it is doing. */
export interface SandboxOptions {
  /** Its folder, absolute. @default - `.sandbox` in the checkout, or SLIPWAY_SANDBOX */
  readonly dir?: string;
  /** The folder of built binaries. @default - SLIPWAY_CACHE, or `slipway` in the user's cache folder */
  readonly cache?: string;
  /** Where progress goes. @default - nowhere */
  readonly progress?: Progress;
  /** Whether to take the stand-ins (plugins, charts) without trying the official sources. @default false */
  readonly offline?: boolean;
}

/** Where the output of a command goes. */
export interface OutputOptions {
  /** Takes what the command prints. @default - our terminal */
  readonly onOutput?: (text: string, stream: "stdout" | "stderr") => void;
}

/** The Pulumi CLI of a sandbox, for callers that run it on other projects than this checkout. */
export interface SandboxCli {
  /** Path of the executable. */
  readonly path: string;
  /** What to set in its environment; undefined means to remove. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A sandbox: a cluster and a Pulumi CLI that share a folder. Several can be open at the same time. */
export interface Sandbox {
  /** Its paths. */
  readonly folder: SandboxFolder;
  /** The kubeconfig of its cluster. */
  readonly kubeconfig: string;
  /** Starts the cluster, or finds it running. */
  up(request?: ClusterRequest): Promise<void>;
  /** Ends every process; the data stays. */
  down(): Promise<void>;
  /** Ends every process and removes the folder. */
  reset(): Promise<void>;
  /** Asks the running cluster who it is. */
  identify(): Promise<ClusterIdentity>;
  /** Runs the Pulumi CLI on the program of this checkout and returns its exit code. */
  pulumi(args: readonly string[], options?: OutputOptions): Promise<number>;
  /** Runs kubectl and returns its exit code. */
  kubectl(args: readonly string[], options?: OutputOptions): Promise<number>;
  /** Runs Helm on the cluster and returns its exit code. */
  helm(args: readonly string[], options?: OutputOptions): Promise<number>;
  /** Provides the CLI with its plugins, and the environment to run it in. */
  cli(): Promise<SandboxCli>;
}

/** Opens the sandbox of a folder; nothing is started or written yet. */
export function openSandbox(options: SandboxOptions = {}): Sandbox {
  return new FolderSandbox(
    sandboxFolder(options.dir),
    options.progress ?? silentProgress,
    options.offline ?? false,
    options.cache ?? cacheFolder(),
  );
}

class FolderSandbox implements Sandbox {
  readonly kubeconfig: string;
  private readonly toolchain: Toolchain;

  constructor(
    readonly folder: SandboxFolder,
    private readonly progress: Progress,
    private readonly offline: boolean,
    cache: string,
  ) {
    this.kubeconfig = folder.kubeconfig;
    this.toolchain = new Toolchain(folder, progress, cache, offline);
  }

  up(request: ClusterRequest = {}): Promise<void> {
    return this.exclusively(async () => {
      const cluster = await this.cluster(request);
      await cluster.up();
    });
  }

  async down(): Promise<void> {
    if (existsSync(this.folder.root)) {
      await this.exclusively(() => this.end());
    }
  }

  async reset(): Promise<void> {
    if (!existsSync(this.folder.root)) {
      return;
    }
    await this.exclusively(async () => {
      await this.end();
      await (await this.known())?.remove();
      rmSync(this.folder.root, { recursive: true, force: true });
    });
  }

  async identify(): Promise<ClusterIdentity> {
    const cluster = await this.cluster();
    return cluster.identify();
  }

  async pulumi(args: readonly string[], { onOutput }: OutputOptions = {}): Promise<number> {
    const { folder, progress } = this;
    const { path: pulumi } = await this.cli();
    const readsFile = readsStackFile(readPulumiCommand(args));
    if (readsFile) {
      await this.up();
    }
    const facts = readsFile ? await this.stackFacts() : undefined;
    const find: FindManagers = async (objects) =>
      findManagers(await this.fittingKubectl(), folder, objects);
    return runPulumi(args, { folder, pulumi, facts, find, progress, onOutput });
  }

  async kubectl(args: readonly string[], { onOutput }: OutputOptions = {}): Promise<number> {
    const [file, ...leading] = await this.fittingKubectl();
    if (!existsSync(this.kubeconfig)) {
      throw new Failure("There is no cluster yet.", "Start it: npm run sandbox -- up");
    }
    return runAttached(file, [...leading, ...args], {
      env: { KUBECONFIG: this.kubeconfig },
      ...(onOutput === undefined ? {} : { onOutput }),
    });
  }

  async helm(args: readonly string[], { onOutput }: OutputOptions = {}): Promise<number> {
    const { path } = await this.toolchain.helm();
    return runAttached(path, args, {
      env: { KUBECONFIG: this.kubeconfig },
      ...(onOutput === undefined ? {} : { onOutput }),
    });
  }

  cli(): Promise<SandboxCli> {
    const { folder, toolchain, offline, progress } = this;
    return this.exclusively(async () => {
      const { path } = await toolchain.pulumi();
      await providePlugins({ folder, toolchain, pulumi: path, offline, progress });
      await toolchain.dropBuildCaches();
      ensurePassphrase(folder);
      const env = pulumiEnvironment(folder, path, defaultStack);
      return { path, env: { ...env, PULUMI_STACK: undefined } };
    });
  }

  /** The cluster of this sandbox; which one is decided by the first command that needs it. */
  private async cluster(request: ClusterRequest = {}): Promise<Cluster> {
    const { folder, progress } = this;
    const { cluster: known } = readDecisions(folder.decisions);
    const choice = chooseCluster(request, known);
    const cluster = await this.open(choice);
    if (known === undefined) {
      await cluster.check();
      decide(folder.decisions, { cluster: choice });
      progress.note(`  Cluster: ${inWords(choice)}`);
    }
    return cluster;
  }

  private async open(choice: ClusterChoice): Promise<Cluster> {
    const { folder, toolchain, progress } = this;
    switch (choice.kind) {
      case "embedded": {
        const provide = async () => ({
          controlPlane: (await toolchain.controlPlane()).path,
          kwok: (await toolchain.kwok()).path,
          player: bundlePlayer(toolchain.cache),
        });
        return embeddedCluster(folder, provide, progress);
      }
      case "kind":
        return kindCluster(folder, await this.anyKubectl(), progress);
      case "kubeconfig":
        return namedCluster(folder, choice.file ?? "", await this.anyKubectl());
    }
  }

  private async stackFacts(): Promise<StackFacts> {
    const cluster = await this.cluster();
    const { context, uid } = await cluster.identify();
    const mirror = await chartMirror(this.folder, this.progress, this.offline);
    return {
      context,
      identity: uid,
      simulated: cluster.simulated,
      ...(mirror === undefined ? {} : { chartMirror: mirror }),
    };
  }

  private fittingKubectl(): Promise<Kubectl> {
    const { kind } = chooseCluster({}, readDecisions(this.folder.decisions).cluster);
    return kind === "embedded" ? this.builtKubectl() : this.anyKubectl();
  }

  private async anyKubectl(): Promise<Kubectl> {
    const installed = findOnPath("kubectl");
    return installed === undefined ? this.builtKubectl() : [installed];
  }

  /** kubectl is part of the control plane's binary, at the version of the API server. */
  private async builtKubectl(): Promise<Kubectl> {
    return [(await this.toolchain.controlPlane()).path, "kubectl"];
  }

  private end(): Promise<void> {
    return this.progress.step("Ending the processes of the sandbox", async () => {
      await Promise.all(withNested(this.folder).map(endProcesses));
      await (await this.known())?.down();
    });
  }

  /** The cluster that was decided for, if any was. */
  private async known(): Promise<Cluster | undefined> {
    const { cluster } = readDecisions(this.folder.decisions);
    return cluster === undefined ? undefined : this.open(cluster);
  }

  /** One command at a time changes a sandbox; a second one waits. */
  private exclusively<T>(work: () => Promise<T>): Promise<T> {
    createFolder(this.folder);
    return withLock(`${this.folder.root}/lock`, work);
  }
}
