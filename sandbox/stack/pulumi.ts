import { existsSync } from "node:fs";
import { join } from "node:path";
import { stackConfigFile } from "../../policy/pack/config-file";
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
import { type QuietPulumi, clearInterruptedRuns, endOrphans, waitForStack } from "./recovery";
import { prepareStack } from "./scratch";
import { type StackFacts } from "./stack-file";

/** What a run of the Pulumi CLI needs. */
export interface PulumiRun {
  /** The sandbox. */
  readonly folder: SandboxFolder;
  /** The CLI. */
  readonly pulumi: string;
  /** What the stack file cannot know. @default - the command does not read it */
  readonly facts?: StackFacts | undefined;
  /** Asks the cluster which objects the provider has made. */
  readonly find: FindManagers;
  /** Where progress goes. */
  readonly progress: Progress;
  /** Takes what the CLI prints. @default - our terminal */
  readonly onOutput?: ((text: string, stream: "stdout" | "stderr") => void) | undefined;
}

/** Whether a command reads the stack file, and with it needs the cluster that the file names. */
export function readsStackFile(command: PulumiCommand): boolean {
  return runsEngine(command) || ["config", "logs"].includes(command.name);
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
  ensurePassphrase(folder);
  await endOrphans(ledger);
  if (runsEngine(command)) {
    await waitForStack(folder, stack, run.progress);
  }
  const locks = clearInterruptedRuns(folder, stack);
  const complete =
    run.facts === undefined
      ? args
      : await completeArguments(args, run, run.facts, stack, quietPulumi(run.pulumi, env, ledger));
  if (locks > 0) {
    run.progress.note(`  Removed the lock of an interrupted run on stack ${stack}.`);
  }
  return runAttached(run.pulumi, protectStackFile(complete), {
    env: { ...env, ...adoption(run.facts) },
    cwd: checkout,
    track: { ledger, name: "pulumi" },
    ...(run.onOutput === undefined ? {} : { onOutput: run.onOutput }),
  });
}

/**
 * Lets the provider take over objects that exist already, on the embedded cluster only: all that is there
 * was made here, and a run that was killed leaves objects that the state had no time to record.
 */
function adoption(facts: StackFacts | undefined): Readonly<Record<string, string>> {
  return facts?.simulated === true ? { PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true" } : {};
}

/** Prepares the stack for a command that reads its file, and adds the sandbox's own arguments. */
async function completeArguments(
  args: readonly string[],
  run: PulumiRun,
  facts: StackFacts,
  stack: string,
  pulumi: QuietPulumi,
): Promise<readonly string[]> {
  const { folder, progress, find } = run;
  const configFile = await prepareStack(folder, stack, facts, pulumi);
  if (runsEngine(readPulumiCommand(args))) {
    const settled = await progress.step("Settling what an interrupted run left behind", () =>
      settlePendingOperations(folder, { stack, configFile, pulumi, find }),
    );
    if (settled) {
      progress.note(`  Settled what an interrupted run left behind on stack ${stack}.`);
    }
  }
  const policyPack = join(checkout, "policy");
  const hasPack = existsSync(join(policyPack, "PulumiPolicy.yaml"));
  const pack = hasPack ? { policyPack, policyConfig: stackConfigFile(stack) } : {};
  return addSandboxArguments(args, { configFile, ...pack });
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
