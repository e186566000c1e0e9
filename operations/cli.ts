import { InvalidArgumentError, type Command } from "commander";
import { CommandLine } from "../sandbox/terminal/command-line";
import { describeFailure } from "../sandbox/terminal/failure";
import { terminalProgress } from "../sandbox/terminal/progress";
import { doctor } from "./doctor/doctor";
import { rollback } from "./rollback";
import { rollout } from "./rollout";
import { knownStack, openStack } from "./stack";
import { status } from "./status";

const serviceHelp = "the service, as <application>/<service>";

const print = (text: string): void => {
  console.log(text);
};

interface StatusFlags {
  readonly stack: string;
  readonly json?: boolean;
  readonly wide?: boolean;
}

async function main(): Promise<void> {
  const program = new CommandLine("npm run")
    .description("Looks after what a stack has deployed.")
    .showHelpAfterError();
  onStack(program.command("status"))
    .description("what is deployed: service, image, replicas, since when, healthy or why not")
    .option("--json", "prints JSON")
    .option("--wide", "whole images at a terminal too, whatever its width")
    .addHelpText("after", "\nExit codes: 0 it was looked at, healthy or not; 1 it could not be.")
    .action(async ({ stack, json = false, wide = false }: StatusFlags) => {
      // A pipe and a log have no width.
      const width = wide ? undefined : process.stdout.columns;
      const progress = terminalProgress(process.stderr);
      print(await status(openStack(stack), { json, progress, width }));
    });
  onStack(program.command("doctor"))
    .description("what is wrong with a stack, and how to put it right; changes nothing")
    .option("--json", "prints JSON")
    .addHelpText(
      "after",
      "\nExit codes: 0 nothing is wrong, 2 something is, 1 it could not be looked at.",
    )
    .action(async ({ stack, json = false }: { stack: string; json?: boolean }) => {
      process.exitCode = await doctor(openStack(stack), {
        json,
        print,
        progress: terminalProgress(process.stderr),
      });
    });
  onStack(program.command("rollout"))
    .description("says why pods are not ready, and waits until the rollout is complete")
    .usage("-- [options] <service>")
    .argument("<service>", serviceHelp)
    .addHelpText("after", "\nExit codes: 0 complete; 1 given up, or not complete in time.")
    .option("--timeout <seconds>", "the longest wait, in seconds", seconds, 600)
    .action(async (service: string, { stack, timeout }: { stack: string; timeout: number }) => {
      process.exitCode = await rollout(openStack(stack), service, {
        timeoutSeconds: timeout,
        print,
      });
    });
  onStack(program.command("rollback"))
    .description("deploys the predecessor of one service: image and configuration")
    .usage("-- [options] <service>")
    .argument("<service>", serviceHelp)
    .addHelpText("after", "\nExit code: that of pulumi up.")
    .action(async (service: string, { stack }: { stack: string }) => {
      process.exitCode = await rollback(openStack(stack), service, print);
    });
  await program.parseAsync();
}

function onStack(command: Command): Command {
  return command
    .usage("-- [options]")
    .requiredOption("-s, --stack <stack>", "the stack, as in Pulumi.<stack>.yaml", knownStack);
}

function seconds(text: string): number {
  if (!/^[0-9]+$/.test(text)) {
    throw new InvalidArgumentError("It has to be a whole number of seconds.");
  }
  return Number(text);
}

main().catch((error: unknown) => {
  console.error(describeFailure(error));
  process.exitCode = 1;
});
