import { existsSync } from "node:fs";
import { join } from "node:path";
import { type SandboxFolder, checkout } from "../folder";
import { runAttached } from "../processes/attached";
import { Ledger } from "../processes/ledger";
import { type Progress } from "../terminal/progress";
import {
  type PulumiCommand,
  addSandboxArguments,
  protectStackFile,
  readPulumiCommand,
  runsEngine,
} from "./arguments";
import { ensurePassphrase, pulumiEnvironment } from "./environment";
import { defaultStack } from "./project";
import { type FindManagers, settlePendingOperations } from "./pending";
import { type QuietPulumi, clearStaleLocks, endOrphans } from "./recovery";
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
  /** Asks the cluster which objects the provider has made. */
  readonly find: FindManagers;
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
    const quiet = quietPulumi(run.pulumi, env, ledger);
    await endOrphans(ledger);
    const locks = clearStaleLocks(folder, stack);
    const configFile = await prepareStack(folder, stack, run.facts, quiet);
    const pending =
      runsEngine(command) &&
      (await run.progress.step("Settling what an interrupted run left behind", () =>
        settlePendingOperations(folder, { stack, configFile, pulumi: quiet, find: run.find }),
      ));
    if (locks > 0 || pending) {
      run.progress.note(`  Cleared what an interrupted run left behind on stack ${stack}.`);
    }
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

/** The CLI without our terminal; it ends with us and is recorded like any other command. */
function quietPulumi(
  pulumi: string,
  env: Readonly<Record<string, string | undefined>>,
  ledger: Ledger,
): QuietPulumi {
  return async (args) => {
    const output = { stdout: "", stderr: "" };
    const code = await runAttached(pulumi, [...args, "--non-interactive"], {
      env,
      cwd: checkout,
      track: { ledger, name: "pulumi" },
      onOutput: (text, stream) => (output[stream] += text),
    });
    return { code, ...output };
  };
}
