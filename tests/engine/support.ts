import { spawn } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { openSandbox } from "../../sandbox/sandbox";

/** The checkout. */
export const root = join(__dirname, "..", "..");

/**
 * The sandbox of the engine's tests: a folder and a cluster of its own, beside the user's. It takes the
 * stand-in plugins and charts without asking the network, so that a run does not depend on it.
 */
export const engine = openSandbox({ dir: join(root, ".sandbox-tests"), offline: true });

/** How a command ended. */
export interface Run {
  readonly code: number;
  /** What it printed on both streams. */
  readonly text: string;
}

before(async function () {
  this.timeout("15m");
  await engine.reset();
  await engine.up();
});

after(async function () {
  this.timeout("2m");
  await engine.down();
});

/** Runs the Pulumi CLI on the program of this checkout. */
export async function pulumi(...args: readonly string[]): Promise<Run> {
  const printed: string[] = [];
  const code = await engine.pulumi([...args, "--non-interactive"], {
    onOutput: (text) => printed.push(text),
  });
  return { code, text: printed.join("") };
}

/** Asks the cluster for objects; throws what kubectl said when it fails. */
export async function get(...args: readonly string[]): Promise<readonly KubernetesObject[]> {
  const printed: string[] = [];
  const errors: string[] = [];
  const code = await engine.kubectl(["get", ...args, "--output", "json"], {
    onOutput: (text, stream) => (stream === "stdout" ? printed : errors).push(text),
  });
  if (code !== 0) {
    throw new Error(`kubectl get ${args.join(" ")} ended with ${String(code)}: ${errors.join("")}`);
  }
  const answer = JSON.parse(printed.join("")) as KubernetesObject & {
    items?: readonly KubernetesObject[];
  };
  return answer.items ?? [answer];
}

/** Runs kubectl; throws what it said when it fails. */
export async function kubectl(...args: readonly string[]): Promise<void> {
  const printed: string[] = [];
  const code = await engine.kubectl(args, { onOutput: (text) => printed.push(text) });
  if (code !== 0) {
    throw new Error(`kubectl ${args.join(" ")} ended with ${String(code)}: ${printed.join("")}`);
  }
}

/** The parts of an object that these tests look at. */
export interface KubernetesObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly generation?: number;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  /** What a Secret or a ConfigMap holds. */
  readonly data?: Readonly<Record<string, string>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

/**
 * Runs the CLI on a copy of a small program below tests/engine/programs, with a stack of its own. The copy
 * is in the sandbox's folder, where the CLI may write its stack file; it is as deep below the checkout,
 * so that what it imports is where it was.
 */
export async function program(
  name: string,
  args: readonly string[],
  config: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const cli = await engine.cli();
  const folder = join(engine.folder.root, "engine", "programs", name);
  cpSync(join(__dirname, "programs", name), folder, { recursive: true });
  const run = (command: readonly string[]): Promise<Run> =>
    execute(cli.path, [...command, "--non-interactive"], folder, {
      ...cli.env,
      // npm run check has checked the types, and the copy is away from the project's tsconfig.
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      ...env,
    });
  const mustRun = async (command: readonly string[]): Promise<void> => {
    const { code, text } = await run(command);
    if (code !== 0) {
      throw new Error(`pulumi ${command.join(" ")} ended with ${String(code)}: ${text}`);
    }
  };
  await mustRun(["stack", "select", "--create", "test"]);
  for (const [key, value] of Object.entries(config)) {
    await mustRun(["config", "set", key, value, "--stack", "test"]);
  }
  return run([...args, "--stack", "test"]);
}

/** Runs a program, and gives how it ended and what it printed on both streams. */
export function execute(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env } });
    const printed: string[] = [];
    child.stdout.on("data", (chunk: Buffer) => printed.push(chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => printed.push(chunk.toString()));
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ code: code ?? -1, text: printed.join("") });
    });
  });
}
