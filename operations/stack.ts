import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { nearestOf } from "../components/settings/errors";
import { checkout, sandboxFolder } from "../sandbox/folder";
import { runAttached } from "../sandbox/processes/attached";
import { readStackFile } from "../sandbox/render/stack-file";
import { openSandbox } from "../sandbox/sandbox";
import { environmentsFolder } from "../sandbox/stack/scratch";
import { stackConfig } from "../sandbox/stack/stack-document";
import { Failure } from "../sandbox/terminal/failure";

/** The cluster that a stack names. */
export interface NamedCluster {
  /** The kubeconfig. @default - the user's own */
  readonly kubeconfig?: string;
  /** The context of the kubeconfig. */
  readonly context: string;
  /** The uid of the cluster's kube-system namespace. */
  readonly identity: string;
}

/** How a command ended, and what it printed. */
export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A stack: the Pulumi CLI that has its state, and the cluster it is on. */
export interface Stack {
  /** Its name, as the CLI takes it. */
  readonly name: string;
  /** Runs the CLI on our terminal and gives its exit code. */
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<number>;
  /** Runs the CLI and gives what it printed. */
  ask(args: readonly string[]): Promise<Answer>;
  /** The cluster that its file names. */
  cluster(): NamedCluster;
}

/**
 * The name of a stack that has a file in the checkout or is a preview environment of the sandbox; one of Pulumi
 * Cloud may have its organization and project before it.
 * @throws Failure when there is no such file.
 */
export function knownStack(name: string): string {
  const file = name.split("/").at(-1) ?? name;
  const known = readdirSync(checkout).flatMap(
    (entry) => /^Pulumi\.(.+)\.yaml$/.exec(entry)?.[1] ?? [],
  );
  if (!known.includes(file) && !isSimulated(name)) {
    const nearest = nearestOf(file, known);
    throw new Failure(
      `There is no stack "${name}": there is no Pulumi.${file}.yaml.`,
      nearest === undefined ? `Name one of: ${known.join(", ")}.` : `Did you mean ${nearest}?`,
    );
  }
  return name;
}

/** Opens a stack: those of the sandbox, by their files, with its own CLI, every other one with the user's. */
export function openStack(name: string): Stack {
  return isSimulated(name) ? sandboxStack(name) : userStack(name);
}

/** Says whether a stack is the sandbox's; those of its preview environments have their files in its folder. */
export function isSimulated(name: string): boolean {
  return [checkout, environmentsFolder(sandboxFolder())].some(
    (folder) =>
      existsSync(join(folder, `Pulumi.${name}.yaml`)) && readStackFile(name, folder).simulated,
  );
}

/** Opens a stack of a sandbox. */
export function sandboxStack(name: string, sandbox = openSandbox()): Stack {
  return {
    name,
    run: (args, env = {}) => {
      Object.assign(process.env, env);
      return sandbox.pulumi(args);
    },
    ask: (args) => answerOf((onOutput) => sandbox.pulumi(args, { onOutput })),
    cluster: () => ({
      ...clusterOf(join(sandbox.folder.stacks, `Pulumi.${name}.yaml`), "npm start"),
      kubeconfig: sandbox.kubeconfig,
    }),
  };
}

function userStack(name: string): Stack {
  const options = { cwd: checkout };
  return {
    name,
    run: (args, env = {}) => runAttached("pulumi", args, { ...options, env }),
    ask: (args) =>
      answerOf((onOutput) => runAttached("pulumi", args, { ...options, env: {}, onOutput })),
    cluster: () => {
      // A stack of Pulumi Cloud may be named with its organization and project.
      const file = join(checkout, `Pulumi.${name.split("/").at(-1) ?? name}.yaml`);
      return clusterOf(file, "name one of the stacks that have a Pulumi.<stack>.yaml");
    },
  };
}

async function answerOf(
  run: (onOutput: (text: string, stream: "stdout" | "stderr") => void) => Promise<number>,
): Promise<Answer> {
  const printed = { stdout: "", stderr: "" };
  const code = await run((text, stream) => (printed[stream] += text));
  return { code, ...printed };
}

function clusterOf(file: string, fix: string): NamedCluster {
  if (!existsSync(file)) {
    throw new Failure(`There is no stack file ${file}.`, `To make it: ${fix}.`);
  }
  const config = stackConfig(readFileSync(file, "utf8"), file);
  const { context, identity } = (config["slipway:cluster"] ?? {}) as Record<string, unknown>;
  if (typeof context !== "string" || typeof identity !== "string") {
    throw new Failure(
      `${file} does not name its cluster.`,
      "Give slipway:cluster a context and an identity.",
    );
  }
  return { context, identity };
}
