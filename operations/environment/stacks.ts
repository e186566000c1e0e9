import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { checkout } from "../../sandbox/folder";
import { openSandbox } from "../../sandbox/sandbox";
import { environmentsFolder } from "../../sandbox/stack/scratch";
import { Failure } from "../../sandbox/terminal/failure";
import { openStack, sandboxStack, type NamedCluster, type Stack } from "../stack";
import { encryptionOf, environmentFile, readTemplate, type Template } from "./template";

/** The stacks of environments, wherever their state is. */
export interface EnvironmentStacks {
  /** The template. */
  readonly template: Template;
  /** The cluster that it names. */
  cluster(): NamedCluster;
  /** The outputs of the platform stack. */
  platformOutputs(): Promise<unknown>;
  /** Says whether an environment's stack is there. */
  exists(stack: string): Promise<boolean>;
  /** Writes the stack file of an environment, and makes the stack where there is none. */
  prepare(stack: string, name: string, slot: number): Promise<void>;
  /** Runs a command of the CLI on an environment's stack, and gives its exit code. */
  run(stack: string, args: readonly string[]): Promise<number>;
  /** Forgets an environment's stack file. */
  forget(stack: string): void;
}

/**
 * Opens the stacks of a template's environments. Those of a sandbox's template are the sandbox's, every other
 * template's are those of the user's own CLI, with whatever backend it is logged in to.
 */
export function openStacks(templateName: string, sandbox = openSandbox()): EnvironmentStacks {
  const source = join(checkout, `Pulumi.${templateName}.yaml`);
  if (!existsSync(source)) {
    throw new Failure(
      `There is no template "${templateName}": there is no Pulumi.${templateName}.yaml.`,
      "Name one with --template, such as preview.",
    );
  }
  const text = readFileSync(source, "utf8");
  const template = readTemplate(templateName, text);
  const open = (stack: string): Stack =>
    template.simulated ? sandboxStack(stack, sandbox) : openStack(stack);
  const folder = template.simulated ? environmentsFolder(sandbox.folder) : checkout;
  const fileOf = (stack: string): string => join(folder, `Pulumi.${stack}.yaml`);
  const exists = async (stack: string): Promise<boolean> => {
    const printed = await answer(open(stack), ["stack", "ls", "--json"]);
    const stacks = JSON.parse(printed) as readonly { readonly name: string }[];
    return stacks.some(({ name }) => name.split("/").at(-1) === stack);
  };
  return {
    template,
    // The sandbox fills its own cluster into the files of its stacks.
    cluster: () => open(template.simulated ? template.platformStack : template.stack).cluster(),
    platformOutputs: async () => {
      const { platformStack } = template;
      const args = ["stack", "output", "--json", "--stack", platformStack];
      return JSON.parse(await answer(open(platformStack), args)) as unknown;
    },
    exists,
    prepare: async (stack, name, slot) => {
      const isThere = await exists(stack);
      const encryption =
        template.simulated || !isThere
          ? {}
          : encryptionOf(
              JSON.parse(await answer(open(stack), ["stack", "export", "--stack", stack])),
            );
      mkdirSync(folder, { recursive: true });
      writeFileSync(fileOf(stack), environmentFile(text, name, slot, encryption));
      if (!template.simulated && !isThere) {
        await init(open(stack), stack, parseDocument(text).get("secretsprovider"));
      }
    },
    run: (stack, args) => open(stack).run([...args, "--stack", stack]),
    forget: (stack) => {
      rmSync(fileOf(stack), { force: true });
    },
  };
}

async function init(pulumi: Stack, stack: string, provider: unknown): Promise<void> {
  const secrets = typeof provider === "string" ? [`--secrets-provider=${provider}`] : [];
  const code = await pulumi.run(["stack", "init", stack, "--no-select", ...secrets]);
  if (code !== 0) {
    throw new Failure(
      `The stack ${stack} could not be made.`,
      "Check that you are logged in to a backend: pulumi whoami.",
    );
  }
}

async function answer(pulumi: Stack, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await pulumi.ask([...args, "--non-interactive"]);
  if (code !== 0) {
    const command = `pulumi ${args.join(" ")}`;
    throw new Failure(`${command} failed: ${stderr.trim()}`, `Check that this works: ${command}`);
  }
  return stdout;
}
