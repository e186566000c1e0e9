import { Command, CommanderError } from "commander";
import { openSandbox } from "./sandbox";
import { handleInterruption } from "./processes/interruption";
import { describeFailure } from "./terminal/failure";
import { terminalProgress } from "./terminal/progress";

async function main(): Promise<void> {
  handleInterruption();
  const sandbox = openSandbox({ progress: terminalProgress() });
  const program = new Command("npm run sandbox --")
    .description("A Kubernetes cluster and a Pulumi CLI in this checkout, for trying the program.")
    .showHelpAfterError()
    .enablePositionalOptions();

  program
    .command("up")
    .description("start the cluster")
    .action(() => sandbox.up());
  program
    .command("down")
    .description("end every process of the sandbox; the data stays")
    .action(() => sandbox.down());
  program
    .command("reset")
    .description("end every process and remove the sandbox's folder")
    .action(() => sandbox.reset());
  program
    .command("kubectl")
    .description("kubectl on the sandbox's cluster")
    .allowUnknownOption()
    .passThroughOptions()
    .helpOption(false)
    .argument("[arguments...]")
    .action(async (args: string[]) => {
      process.exitCode = await sandbox.kubectl(args);
    });
  program
    .command("pulumi")
    .description("the Pulumi CLI on this program, with the sandbox's state and cluster")
    .allowUnknownOption()
    .passThroughOptions()
    .helpOption(false)
    .argument("[arguments...]")
    .action(async (args: string[]) => {
      process.exitCode = await sandbox.pulumi(args);
    });
  await program.parseAsync();
}

main().catch((error: unknown) => {
  if (!(error instanceof CommanderError)) {
    console.error(describeFailure(error));
  }
  process.exitCode = 1;
});
