import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { type SandboxFolder, checkout } from "../folder";
import { readJson, writeWhole } from "../json-file";
import { withLock } from "../processes/lock";
import { Failure } from "../terminal/failure";
import { project } from "./project";
import { type QuietPulumi, stateFile } from "./recovery";
import { type StackFacts, fillStackFile, readSalt } from "./stack-file";

/**
 * Makes a stack in the sandbox's backend if it is new, and its scratch file; returns the file's path. Of two
 * commands at once the second finds the stack made.
 */
export function prepareStack(
  folder: SandboxFolder,
  stack: string,
  facts: StackFacts,
  pulumi: QuietPulumi,
): Promise<string> {
  return withLock(join(folder.stacks, `${stack}.lock`), () =>
    prepare(folder, stack, facts, pulumi),
  );
}

async function prepare(
  folder: SandboxFolder,
  stack: string,
  facts: StackFacts,
  pulumi: QuietPulumi,
): Promise<string> {
  const source = sourceFile(folder, stack);
  const scratch = join(folder.stacks, `Pulumi.${stack}.yaml`);
  if (!existsSync(stateFile(folder, stack))) {
    rmSync(scratch, { force: true });
    await createStack(folder, stack, pulumi);
  }
  const salt =
    (existsSync(scratch) ? readSalt(readFileSync(scratch, "utf8")) : undefined) ??
    saltOfState(folder, stack);
  const filled = fillStackFile(
    readFileSync(source, "utf8"),
    salt === undefined ? facts : { ...facts, encryptionSalt: salt },
    source,
  );
  writeWhole(scratch, filled);
  return scratch;
}

/** Where the stack files of preview environments are, which are in no checkout. */
export function environmentsFolder(folder: SandboxFolder): string {
  return join(folder.root, "environments");
}

/** The stack file in the checkout, or that of a preview environment. */
function sourceFile(folder: SandboxFolder, stack: string): string {
  const made = join(environmentsFolder(folder), `Pulumi.${stack}.yaml`);
  if (existsSync(made)) {
    return made;
  }
  const file = join(checkout, `Pulumi.${stack}.yaml`);
  if (!existsSync(file)) {
    const known = readdirSync(checkout)
      .map((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1])
      .filter((name) => name !== undefined);
    throw new Failure(
      `There is no stack "${stack}".`,
      `Name one of: ${known.join(", ")}; or write Pulumi.${stack}.yaml.`,
    );
  }
  return file;
}

/**
 * `pulumi stack init` writes the encryption salt into the stack file beside Pulumi.yaml. It therefore runs
 * on a project of the same name whose stack files are the scratch copies.
 */
async function createStack(
  folder: SandboxFolder,
  stack: string,
  pulumi: QuietPulumi,
): Promise<void> {
  const projectFolder = join(folder.root, "project");
  mkdirSync(projectFolder, { recursive: true });
  writeWhole(
    join(projectFolder, "Pulumi.yaml"),
    stringify({ name: project, runtime: "nodejs", stackConfigDir: "../stacks" }),
  );
  const result = await pulumi([
    ...[`--cwd=${projectFolder}`, "stack", "init", stack],
    ...["--no-select", "--secrets-provider=passphrase", "--non-interactive"],
  ]);
  if (result.code !== 0) {
    throw new Failure(
      `The stack "${stack}" could not be made: ${result.stderr.trim()}`,
      "Start anew: npm run sandbox -- reset",
    );
  }
}

/** The state names the salt too, in case the scratch copies were removed. */
function saltOfState(folder: SandboxFolder, stack: string): string | undefined {
  const state = readJson(stateFile(folder, stack)) as
    | {
        readonly checkpoint?: {
          readonly latest?: {
            readonly secrets_providers?: { readonly state?: { readonly salt?: string } };
          };
        };
      }
    | undefined;
  return state?.checkpoint?.latest?.secrets_providers?.state?.salt;
}
