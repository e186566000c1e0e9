import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../folder";
import { checkSettings } from "../stack/settings-check";
import { stackDocument } from "../stack/stack-document";
import { fillStackFile } from "../stack/stack-file";
import { Failure } from "../terminal/failure";

/** What render takes from a stack file before anything is started. */
export interface StackFile {
  /** Whether the stack's own cluster has simulated nodes; any other stack keeps its webhooks in the output. */
  readonly simulated: boolean;
  /** The stack whose platform it uses, without organization and project. @default - it has its own */
  readonly platformStack?: string;
}

/**
 * Reads the file of a stack.
 * @throws Failure that names the stacks there are when this one is not there, or says why its file is none.
 */
export function readStackFile(stack: string, folder = checkout): StackFile {
  const file = join(folder, `Pulumi.${stack}.yaml`);
  if (!existsSync(file)) {
    const known = readdirSync(folder)
      .flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? [])
      .sort();
    throw new Failure(
      `There is no stack "${stack}": there is no Pulumi.${stack}.yaml.`,
      `Name one of: ${known.join(", ")}.`,
    );
  }
  const document = stackDocument(readFileSync(file, "utf8"), file);
  const platformStack: unknown = document.getIn(["config", "slipway:platformStack"]);
  return {
    simulated: document.getIn(["config", "slipway:cluster", "simulated"]) === true,
    ...(typeof platformStack === "string"
      ? { platformStack: platformStack.split("/").at(-1) ?? platformStack }
      : {}),
  };
}

/**
 * Checks the settings of a stack as the program will, with any cluster in the place of its own.
 * @throws Failure with every problem at once.
 */
export async function checkStackFile(stack: string, folder = checkout): Promise<void> {
  const { simulated } = readStackFile(stack, folder);
  const file = `Pulumi.${stack}.yaml`;
  const cluster = { context: "any", identity: "00000000-0000-4000-8000-000000000000", simulated };
  const text = readFileSync(join(folder, file), "utf8");
  await checkSettings(fillStackFile(text, cluster, file), file);
}
