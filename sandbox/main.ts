import { Command, Option } from "commander";
import { type ClusterRequest } from "./cluster/choice";
import { cacheFolder } from "./folder";
import { handleInterruption } from "./processes/interruption";
import { openSandbox } from "./sandbox";
import { start } from "./start";
import { describeStatus } from "./status/status";
import { describeFailure } from "./terminal/failure";
import { terminalProgress } from "./terminal/progress";

/** Options of the commands that start a cluster. */
type StartOptions = ClusterRequest & { readonly offline?: boolean };

async function main(): Promise<void> {
  handleInterruption();
  const progress = terminalProgress();
  const open = (offline = false) => openSandbox({ progress, offline });
  const program = new Command("npm run sandbox --")
    .description("A Kubernetes cluster and a Pulumi CLI of this checkout's own, in one folder.")
    .showHelpAfterError()
    .enablePositionalOptions();

  onCluster(program.command("start"))
    .description("start the cluster and bring the whole stack up on it (npm start)")
    .action(async (options: StartOptions) => {
      process.exitCode = await start(open(options.offline), options, progress);
    });
  onCluster(program.command("up"))
    .description("start the cluster, with nothing on it")
    .action((options: StartOptions) => open(options.offline).up(options));
  program
    .command("down")
    .description("end every process of the sandbox; the data stays")
    .action(() => open().down());
  program
    .command("reset")
    .description("end every process and remove the sandbox's folder")
    .action(() => open().reset());
  program
    .command("status")
    .description("show processes, tools, and what is real and what is simulated")
    .action(() => console.log(describeStatus(open().folder, cacheFolder())));
  passThrough(program.command("kubectl"))
    .description("kubectl on the sandbox's cluster")
    .action(async (args: string[]) => {
      process.exitCode = await open().kubectl(args);
    });
  passThrough(program.command("pulumi"))
    .description("the Pulumi CLI on this program, with the sandbox's state and cluster")
    .action(async (args: string[]) => {
      process.exitCode = await open().pulumi(args);
    });
  await program.parseAsync();
}

function onCluster(command: Command): Command {
  return command
    .addOption(
      new Option("--cluster <kind>", "which cluster to start").choices(["embedded", "kind"]),
    )
    .option("--kubeconfig <file>", "use the cluster of this kubeconfig's current context")
    .option("--offline", "take the project's stand-ins without trying the official downloads");
}

/** A command whose arguments, options included, are another program's. */
function passThrough(command: Command): Command {
  return command
    .argument("[arguments...]")
    .allowUnknownOption()
    .passThroughOptions()
    .helpOption(false);
}

main().catch((error: unknown) => {
  console.error(describeFailure(error));
  process.exitCode = 1;
});
