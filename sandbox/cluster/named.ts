import { existsSync } from "node:fs";
import { type SandboxFolder } from "../folder";
import { writeWhole } from "../json-file";
import { type CommandResult, runCommand } from "../processes/command";
import { Failure } from "../terminal/failure";
import { type Cluster, type ClusterIdentity, type Kubectl } from "./cluster";

/**
 * The cluster of a kubeconfig that the user named. Only its current context is copied into the sandbox;
 * the file itself stays as it is, and so does the cluster on `down` and `reset`.
 */
export function namedCluster(folder: SandboxFolder, file: string, kubectl: Kubectl): Cluster {
  const readContext = async (): Promise<string> => {
    if (!existsSync(file)) {
      throw new Failure(`${file} does not exist.`, "Name a kubeconfig: --kubeconfig FILE");
    }
    const view = ["config", "view", "--minify", "--flatten", "--raw"];
    const copied = await runKubectl(kubectl, file, view);
    if (copied.code !== 0) {
      throw new Failure(
        `${file} has no usable current context: ${copied.stderr.trim()}`,
        "Choose one: kubectl config use-context <name>",
      );
    }
    return copied.stdout;
  };
  return {
    simulated: false,
    check: async () => void (await readContext()),
    async up() {
      writeWhole(folder.kubeconfig, await readContext());
      await identifyBy(kubectl, folder);
    },
    identify: () => identifyBy(kubectl, folder),
    down: () => Promise.resolve(),
    remove: () => Promise.resolve(),
  };
}

/** Asks the cluster of the sandbox's kubeconfig who it is. */
export async function identifyBy(
  kubectl: Kubectl,
  folder: SandboxFolder,
): Promise<ClusterIdentity> {
  const context = await runKubectl(kubectl, folder.kubeconfig, ["config", "current-context"]);
  const namespace = await runKubectl(kubectl, folder.kubeconfig, [
    ...["get", "namespace", "kube-system", "--request-timeout=10s"],
    "--output=jsonpath={.metadata.uid}",
  ]);
  if (context.code !== 0 || namespace.code !== 0) {
    throw new Failure(
      `The cluster does not answer: ${(context.stderr + namespace.stderr).trim().split("\n").at(-1) ?? ""}`,
      "Check that it runs and that its kubeconfig is current.",
    );
  }
  return { context: context.stdout.trim(), uid: namespace.stdout.trim() };
}

/** Runs kubectl quietly on a kubeconfig. */
export function runKubectl(
  [file, ...leading]: Kubectl,
  kubeconfig: string,
  args: readonly string[],
): Promise<CommandResult> {
  return runCommand(file, [...leading, ...args], { env: { KUBECONFIG: kubeconfig } });
}
