import { rmSync } from "node:fs";
import { type ClusterBinaries, downEmbedded, upEmbedded } from "./cluster/embedded";
import { type SandboxFolder, cacheFolder, sandboxFolder } from "./folder";
import { runAttached } from "./processes/attached";
import { withLock } from "./processes/lock";
import { type Progress, silentProgress } from "./terminal/progress";
import { Toolchain } from "./toolchain/toolchain";

/** Where a sandbox is, and how it tells what it is doing. */
export interface SandboxOptions {
  /** Its folder, absolute. @default - `.sandbox` in the checkout, or SLIPWAY_SANDBOX */
  readonly dir?: string;
  /** The folder of built binaries. @default - SLIPWAY_CACHE, or `slipway` in the user's cache folder */
  readonly cache?: string;
  /** Where progress goes. @default - nowhere */
  readonly progress?: Progress;
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
  /** Runs kubectl on our terminal and returns its exit code. */
  kubectl(args: readonly string[]): Promise<number>;
}

/** Opens the sandbox of a folder; nothing is started or written yet. */
export function openSandbox(options: SandboxOptions = {}): Sandbox {
  const folder = sandboxFolder(options.dir);
  const progress = options.progress ?? silentProgress;
  const toolchain = new Toolchain(folder, progress, options.cache ?? cacheFolder());
  const exclusively = <T>(work: () => Promise<T>): Promise<T> =>
    withLock(`${folder.root}/lock`, work);
  const binaries = async (): Promise<ClusterBinaries> => ({
    controlPlane: (await toolchain.controlPlane()).path,
    kwok: (await toolchain.kwok()).path,
  });
  return {
    folder,
    kubeconfig: folder.kubeconfig,
    up: () =>
      exclusively(async () => {
        await upEmbedded(folder, await binaries(), progress);
      }),
    down: () =>
      exclusively(async () => {
        await progress.step("Ending the processes of the sandbox", () => downEmbedded(folder));
      }),
    reset: () =>
      exclusively(async () => {
        await progress.step("Ending the processes of the sandbox", () => downEmbedded(folder));
        rmSync(folder.root, { recursive: true, force: true });
      }),
    kubectl: async (args) => {
      const { path } = await toolchain.controlPlane();
      return runAttached(path, ["kubectl", ...args], { env: { KUBECONFIG: folder.kubeconfig } });
    },
  };
}
