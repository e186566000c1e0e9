import { join } from "node:path";
import { charts as table } from "../../components/charts";
import { cacheFolder, checkout, createFolder, sandboxFolder } from "../../sandbox/folder";
import { CommandLine } from "../../sandbox/terminal/command-line";
import { describeFailure } from "../../sandbox/terminal/failure";
import { terminalProgress } from "../../sandbox/terminal/progress";
import { Toolchain } from "../../sandbox/toolchain/toolchain";
import { bump, lock, outdated, vendor, verify, type Charts } from "./commands";
import { Helm } from "./helm";
import { chartHooks } from "./hooks";

async function main(): Promise<void> {
  const program = new CommandLine("npm run charts --")
    .description("Looks after the third-party charts of components/charts.ts.")
    .showHelpAfterError();
  program
    .command("lock")
    .description("records the digest of each chart that has none yet")
    .action(async () => {
      process.exitCode = await lock(await charts());
    });
  program
    .command("bump")
    .description("gives a chart another version, with its digest")
    .argument("<chart>", "the chart's name, such as nats")
    .argument("[version]", "the exact version (default: the newest)")
    .action(async (chart: string, version?: string) => {
      process.exitCode = await bump(await charts(), chart, version);
    });
  program
    .command("vendor")
    .description("pulls every chart into a folder, for slipway:charts.mirror")
    .requiredOption("--out <folder>", "the folder")
    .option("--from <mirror>", "a mirror to pull from (default: each chart's own repository)")
    .action(async ({ out, from }: { out: string; from?: string }) => {
      process.exitCode = await vendor(await charts(from), out);
    });
  program
    .command("verify")
    .description("checks that archives are the ones of the table, and that their hooks are known")
    .argument("[folder]", "a folder of archives (default: the repositories, or --from)")
    .option("--from <mirror>", "a mirror to pull from")
    .action(async (folder: string | undefined, { from }: { from?: string }) => {
      process.exitCode = await verify(await charts(from), folder);
    });
  program
    .command("outdated")
    .description("lists the charts of which there is a newer version")
    .action(async () => {
      process.exitCode = await outdated(await charts());
    });
  await program.parseAsync();
}

async function charts(mirror?: string): Promise<Charts> {
  const folder = sandboxFolder();
  createFolder(folder);
  const toolchain = new Toolchain(folder, terminalProgress(process.stderr), cacheFolder(), false);
  const { path } = await toolchain.helm();
  return {
    table,
    hooks: chartHooks,
    helm: new Helm(path),
    file: join(checkout, "components", "charts.ts"),
    print: (text) => {
      console.log(text);
    },
    ...(mirror === undefined ? {} : { mirror }),
  };
}

main().catch((error: unknown) => {
  console.error(describeFailure(error));
  process.exitCode = 1;
});
