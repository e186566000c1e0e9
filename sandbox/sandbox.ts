import { mkdirSync, rmSync } from "node:fs";
import {
  type ClusterBinaries,
  downEmbedded,
  embeddedIdentity,
  upEmbedded,
} from "./cluster/embedded";
import { embeddedContext } from "./cluster/access";
import { type SandboxFolder, cacheFolder, createFolder, sandboxFolder } from "./folder";
import { runAttached } from "./processes/attached";
import { withLock } from "./processes/lock";
import { readPulumiCommand } from "./stack/arguments";
import { chartMirror } from "./stack/chart-source";
import { pulumiEnvironment, ensurePassphrase } from "./stack/environment";
import { defaultStack } from "./stack/project";
import { needsStack, runPulumi } from "./stack/pulumi";
import { type StackFacts } from "./stack/stack-file";
import { type Progress, silentProgress } from "./terminal/progress";
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

/** How one run of the Pulumi CLI is shown. */
export interface PulumiOptions {
  /** Takes what the CLI prints. @default - our terminal */
  readonly onOutput?: (text: string, stream: "stdout" | "stderr") => void;
}

/** The Pulumi CLI of a sandbox, for callers that run it themselves. */
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
  up(): Promise<void>;
  /** Ends every process; the data stays. */
  down(): Promise<void>;
  /** Ends every process and removes the folder. */
  reset(): Promise<void>;
  /** Runs the Pulumi CLI on the program of this checkout and returns its exit code. */
  pulumi(args: readonly string[], options?: PulumiOptions): Promise<number>;
  /** Runs kubectl and returns its exit code. */
  kubectl(args: readonly string[], options?: PulumiOptions): Promise<number>;
  /** Provides the CLI with its plugins, for projects other than this checkout's. */
  cli(): Promise<SandboxCli>;
}

/** Opens the sandbox of a folder; nothing is started or written yet. */
export function openSandbox(options: SandboxOptions = {}): Sandbox {
  const folder = sandboxFolder(options.dir);
  const progress = options.progress ?? silentProgress;
  const offline = options.offline ?? false;
  const toolchain = new Toolchain(folder, progress, options.cache ?? cacheFolder());

  const exclusively = async <T>(work: () => Promise<T>): Promise<T> => {
    mkdirSync(folder.root, { recursive: true, mode: 0o700 });
    return withLock(`${folder.root}/lock`, work);
  };
  const binaries = async (): Promise<ClusterBinaries> => ({
    controlPlane: (await toolchain.controlPlane()).path,
    kwok: (await toolchain.kwok()).path,
  });
  const down = (): Promise<void> =>
    progress.step("Ending the processes of the sandbox", () => downEmbedded(folder));
  const up = (): Promise<void> =>
    exclusively(async () => upEmbedded(folder, await binaries(), progress));
  const provideCli = (): Promise<string> =>
    exclusively(async () => {
      createFolder(folder);
      const { path } = await toolchain.pulumi();
      await providePlugins({ folder, toolchain, pulumi: path, offline, progress });
      await toolchain.dropBuildCaches();
      return path;
    });
  const facts = async (): Promise<StackFacts> => {
    const mirror = await chartMirror(folder, progress, offline);
    return {
      context: embeddedContext,
      identity: await embeddedIdentity(folder),
      simulated: true,
      ...(mirror === undefined ? {} : { chartMirror: mirror }),
    };
  };

  return {
    folder,
    kubeconfig: folder.kubeconfig,
    up,
    down: () => exclusively(down),
    reset: () =>
      exclusively(async () => {
        await down();
        rmSync(folder.root, { recursive: true, force: true });
      }),
    pulumi: async (args, { onOutput } = {}) => {
      const pulumi = await provideCli();
      const onStack = needsStack(readPulumiCommand(args));
      if (onStack) {
        await up();
      }
      const known = onStack ? await facts() : noCluster;
      return runPulumi(args, { folder, pulumi, facts: known, progress, onOutput });
    },
    kubectl: async (args, { onOutput } = {}) => {
      const { path } = await toolchain.controlPlane();
      return runAttached(path, ["kubectl", ...args], {
        env: { KUBECONFIG: folder.kubeconfig },
        ...(onOutput === undefined ? {} : { onOutput }),
      });
    },
    cli: async () => {
      const path = await provideCli();
      ensurePassphrase(folder);
      return {
        path,
        env: { ...pulumiEnvironment(folder, path, defaultStack), PULUMI_STACK: undefined },
      };
    },
  };
}

/** The facts for commands that do not look at a stack. */
const noCluster: StackFacts = { context: "", identity: "", simulated: false };
