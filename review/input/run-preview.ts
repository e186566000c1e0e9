import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkout } from "../../sandbox/folder";
import { runAttached } from "../../sandbox/processes/attached";
import { readStackFile } from "../../sandbox/render/stack-file";
import { openSandbox } from "../../sandbox/sandbox";
import { errorCode, Failure } from "../../sandbox/terminal/failure";
import { type Progress } from "../../sandbox/terminal/progress";
import { findOnPath } from "../../sandbox/toolchain/path-tool";
import { readEventLog } from "./event-log";
import { readDependencies, readPreview, type Preview } from "./preview";

/** What is previewed. */
export interface PreviewRequest {
  /** The stack, as in Pulumi.<stack>.yaml. */
  readonly stack: string;
  /** Further arguments of `pulumi preview`, such as `--refresh`. */
  readonly more: readonly string[];
  /** Where progress goes. */
  readonly progress: Progress;
}

/** The CLI hides the option for the event log unless its commands for debugging are on. */
const environment = { PULUMI_DEBUG_COMMANDS: "true" };

/**
 * Previews a stack with the policy pack and reads the engine's own account of it. A stack with simulated
 * nodes is the sandbox's: its CLI and its state are used. Any other is previewed by the `pulumi` of the PATH,
 * with whatever backend and credentials it has.
 * @throws Failure when the CLI is missing, or ends before the engine has said anything.
 */
export async function runPreview({ stack, more, progress }: PreviewRequest): Promise<Preview> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-review-"));
  const log = join(folder, "events.jsonl");
  const printed = { stdout: "", stderr: "" };
  const collect = (text: string, stream: "stdout" | "stderr"): void => {
    printed[stream] += text;
  };
  const args = [
    ...["preview", `--stack=${stack}`, "--json", "--show-sames", "--non-interactive"],
    ...["--color=never", `--event-log=${log}`, ...more],
  ];
  try {
    const run = readStackFile(stack).simulated ? onSandbox : onPath;
    await run(args, collect, progress, stack);
    return readPreview(readEventLog(readLog(log, printed), log), readDependencies(printed.stdout));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Collect = (text: string, stream: "stdout" | "stderr") => void;

async function onSandbox(
  args: readonly string[],
  onOutput: Collect,
  progress: Progress,
): Promise<void> {
  Object.assign(process.env, environment);
  await openSandbox({ progress }).pulumi(args, { onOutput });
}

async function onPath(
  args: readonly string[],
  onOutput: Collect,
  progress: Progress,
  stack: string,
): Promise<void> {
  const pulumi = findOnPath("pulumi");
  if (pulumi === undefined) {
    throw new Failure(
      "There is no pulumi on the PATH.",
      "Install the Pulumi CLI, or compare two folders of npm run render with --base and --head.",
    );
  }
  const policy = args.some((arg) => arg.startsWith("--policy-pack"))
    ? []
    : [`--policy-pack=${join(checkout, "policy")}`];
  await progress.step(`Previewing stack ${stack}`, () =>
    runAttached(pulumi, [...args, ...policy], { env: environment, cwd: checkout, onOutput }),
  );
}

/** The log; a run that ends before the engine starts leaves none, and says why on its own. */
function readLog(
  log: string,
  printed: { readonly stdout: string; readonly stderr: string },
): string {
  try {
    const content = readFileSync(log, "utf8");
    if (content.trim() !== "") {
      return content;
    }
  } catch (error) {
    if (errorCode(error) !== "ENOENT") {
      throw error;
    }
  }
  const said = `${printed.stderr}\n${printed.stdout}`.trim();
  throw new Failure(
    `The preview did not start:\n${said}`,
    "Correct what the message names, then run the same command again.",
  );
}
