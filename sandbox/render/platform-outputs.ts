import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type SandboxFolder, checkout } from "../folder";
import { writeJson } from "../json-file";
import { runCommand } from "../processes/command";
import { type SandboxCli } from "../sandbox";
import { project } from "../stack/project";
import { Failure } from "../terminal/failure";
import { stackType } from "./plan";

/** The stack that gets outputs, and where its state is. */
export interface OutputsOf {
  /** The sandbox of the run. */
  readonly folder: SandboxFolder;
  /** The Pulumi CLI and its environment. */
  readonly cli: SandboxCli;
  /** The stack's name. */
  readonly stack: string;
}

/** The state of a stack that has its outputs and nothing else, as `pulumi stack import` takes it. */
export function stateWith(
  stack: string,
  outputs: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const urn = `urn:pulumi:${stack}::${project}::${stackType}::${project}-${stack}`;
  return {
    version: 3,
    deployment: {
      manifest: { time: "0001-01-01T00:00:00Z", magic: "", version: "" },
      resources: [{ urn, custom: false, type: stackType, outputs }],
    },
  };
}

/** Lets other stacks read the planned outputs of a stack, as if it were deployed. */
export async function importOutputs(
  { folder, cli, stack }: OutputsOf,
  outputs: Readonly<Record<string, unknown>>,
): Promise<void> {
  const scratch = join(folder.root, "outputs");
  const file = join(scratch, "state.json");
  mkdirSync(scratch, { recursive: true });
  try {
    writeJson(file, stateWith(stack, outputs));
    const args = ["stack", "import", `--stack=${stack}`, `--file=${file}`, "--non-interactive"];
    const { code, stderr } = await runCommand(cli.path, args, { env: cli.env, cwd: checkout });
    if (code !== 0) {
      throw new Failure(`What ${stack} hands out could not be put down: ${stderr.trim()}`);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
