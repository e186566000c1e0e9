import { type StepResult, runStep } from "./checks/run-step";
import { checkSteps } from "./checks/steps";
import { handleInterruption } from "./processes/interruption";
import { CommandLine } from "./terminal/command-line";
import { describeFailure } from "./terminal/failure";
import { terminalProgress } from "./terminal/progress";

/** `npm run check`: types, lint, format and generated files, side by side. */
async function main(): Promise<void> {
  handleInterruption();
  new CommandLine("npm run check")
    .description("Checks types, lint, format and generated files, side by side.")
    .allowExcessArguments(false)
    .showHelpAfterError()
    .parse();
  const progress = terminalProgress();
  const results = await progress.step("Checking", (detail) => {
    const open = new Set(checkSteps.map(({ name }) => name));
    detail([...open].join(", "));
    return Promise.all(
      checkSteps.map(async (step) => {
        const result = await runStep(step);
        open.delete(step.name);
        progress.note(describe(result));
        detail([...open].join(", "));
        return result;
      }),
    );
  });
  const failed = results.filter(({ passed }) => !passed);
  console.log(`${results.length - failed.length} passed, ${failed.length} failed`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

function describe({ step, passed, output, duration }: StepResult): string {
  const time = `${(duration / 1000).toFixed(1)} s`;
  if (passed) {
    return `  ${step.name}: holds (${time})`;
  }
  const fix = step.fix === undefined ? "" : `\n  → ${step.fix}`;
  return `  ${step.name}: fails (${time})\n\n${output}${fix}\n`;
}

main().catch((error: unknown) => {
  console.error(describeFailure(error));
  process.exitCode = 1;
});
