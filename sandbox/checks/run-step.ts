import { join } from "node:path";
import { checkout } from "../folder";
import { runCommand } from "../processes/command";
import { type CheckStep } from "./steps";

/** What became of a step. */
export interface StepResult {
  /** The step. */
  readonly step: CheckStep;
  /** Whether it holds. */
  readonly passed: boolean;
  /** What it printed. */
  readonly output: string;
  /** How long it took, in milliseconds. */
  readonly duration: number;
}

/** Runs one step to its end. */
export async function runStep(step: CheckStep): Promise<StepResult> {
  const started = Date.now();
  const [file, ...args] = commandLine(step.command);
  const result = await runCommand(file, args, { cwd: checkout });
  return {
    step,
    passed: result.code === 0,
    output: (result.stdout + result.stderr).trim(),
    duration: Date.now() - started,
  };
}

function commandLine([name, ...args]: CheckStep["command"]): readonly [string, ...string[]] {
  return name.endsWith(".ts")
    ? [process.execPath, join(checkout, "sandbox", "bootstrap.mjs"), name, ...args]
    : [join(checkout, "node_modules", ".bin", name), ...args];
}
