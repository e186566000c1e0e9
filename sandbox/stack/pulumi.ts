import { existsSync } from "node:fs";
import { join } from "node:path";
import { type SandboxFolder, checkout } from "../folder";
import { runAttached } from "../processes/attached";
import { runCommand } from "../processes/command";
import { Ledger } from "../processes/ledger";
import { type Progress } from "../terminal/progress";
import {
  type PulumiCommand,
  addSandboxArguments,
  protectStackFile,
  readPulumiCommand,
} from "./arguments";
import { ensurePassphrase, pulumiEnvironment } from "./environment";
import { defaultStack } from "./project";
import { type QuietPulumi, clearPendingOperations, clearStaleLocks, endOrphans } from "./recovery";
import { prepareStack } from "./scratch";
import { type StackFacts } from "./stack-file";

/** What a run of the Pulumi CLI needs. */
export interface PulumiRun {
  /** The sandbox. */
  readonly folder: SandboxFolder;
  /** The CLI. */
  readonly pulumi: string;
  /** What the stack file cannot know. */
  readonly facts: StackFacts;
  /** Where progress goes. */
  readonly progress: Progress;
  /** Takes what the CLI prints. @default - our terminal */
  readonly onOutput?: ((text: string, stream: "stdout" | "stderr") => void) | undefined;
}

/** Commands that look at a stack or change it; the others run as they are. */
const stackCommands: readonly string[] = [
  ...["up", "preview", "refresh", "destroy", "import", "watch"],
  ...["config", "logs", "stack", "state", "cancel", "console"],
];

/** Whether a command needs a stack, and with it the cluster that the stack's file names. */
export function needsStack(command: PulumiCommand): boolean {
  return stackCommands.includes(command.name);
}

/**
 * Runs the ordinary CLI on the ordinary program, in the sandbox's environment. A stack is made when it is
 * first used, and what an interrupted run left behind is cleared before.
 */
export async function runPulumi(args: readonly string[], run: PulumiRun): Promise<number> {
  const { folder } = run;
  const command = readPulumiCommand(args);
  const stack = command.stack ?? defaultStack;
  const env = pulumiEnvironment(folder, run.pulumi, stack);
  const ledger = new Ledger(folder.processes);
  const policyPack = join(checkout, "policy");
  let complete = args;
  if (needsStack(command)) {
    ensurePassphrase(folder);
    const quiet: QuietPulumi = (quietArgs) =>
      runCommand(run.pulumi, [...quietArgs, "--non-interactive"], { env, cwd: checkout });
    await recover(run, ledger, stack, quiet);
    const configFile = await prepareStack(folder, stack, run.facts, quiet);
    complete = protectStackFile(
      addSandboxArguments(args, {
        configFile,
        ...(existsSync(join(policyPack, "PulumiPolicy.yaml")) ? { policyPack } : {}),
      }),
    );
  }
  return runAttached(run.pulumi, complete, {
    env,
    cwd: checkout,
    track: { ledger, name: "pulumi" },
    ...(run.onOutput === undefined ? {} : { onOutput: run.onOutput }),
  });
}

async function recover(
  run: PulumiRun,
  ledger: Ledger,
  stack: string,
  quiet: QuietPulumi,
): Promise<void> {
  await endOrphans(ledger);
  const locks = clearStaleLocks(run.folder, stack);
  const pending = await clearPendingOperations(run.folder, stack, quiet);
  if (locks > 0 || pending) {
    run.progress.note(`  Cleared what an interrupted run left behind on stack ${stack}.`);
  }
}
