import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import { checkout } from "../../sandbox/folder";
import { runCommand } from "../../sandbox/processes/command";
import { stackConfig } from "../../sandbox/stack/stack-document";
import { CommandLine, endCommand } from "../../sandbox/terminal/command-line";
import { Failure } from "../../sandbox/terminal/failure";
import { planService, type Change } from "./plan";
import { diffOf, nextSteps } from "./report";
import { parseTarget, serviceKinds, type ServiceKind, type ServiceRequest } from "./request";
import { parseUses, usesHelp, type Use } from "./uses";

/** The options as the command line gives them. */
interface Options extends Omit<ServiceRequest, "application" | "service" | "newApplication"> {
  readonly kind: ServiceKind;
  readonly uses: readonly Use[];
  readonly newApplication?: boolean;
  readonly dryRun?: boolean;
}

async function main(): Promise<void> {
  const program = new CommandLine("npm run new --")
    .description("Writes a declaration that passes the checks.")
    .showHelpAfterError()
    .exitOverride();
  const service = program
    .command("service")
    .description("adds a service to an application, or makes an application with its first service")
    .argument("<name>", "<application>/<service>")
    .addHelpText(
      "after",
      "\nExample: npm run new -- service storefront/reviews --path /review --uses products,database:reviews",
    )
    .addOption(
      new Option(
        "--kind <kind>",
        "what it is: web answers calls, worker does not, cron runs at set times",
      )
        .choices(serviceKinds)
        .default("web"),
    )
    .option(
      "--port <number>",
      "the port it listens on (default: that of the others, else 8080)",
      port,
    )
    .option("--path <path>", "reached from outside, under this path of the application's host")
    .option("--schedule <cron>", 'when a cron service runs: "*/15 * * * *" or "@daily"')
    .option("--image <reference>", "a public image (default: its own, of the stack's registry)")
    .addOption(new Option("--uses <list>", usesHelp).argParser(parseUses).default([], "nothing"))
    .option("--description <sentence>", "what it does, for the reference of the stack files")
    .option("--new-application", "makes the application too")
    .option("--team <name>", "the team of a new application (default: its name)")
    .option("--dry-run", "prints the changes and writes nothing")
    .action(async (target: string, options: Options) => {
      await writeService(
        { ...options, ...parseTarget(target), newApplication: options.newApplication ?? false },
        options.dryRun ?? false,
      );
    });
  // There is one command only: who asks for help wants its options.
  program.addHelpText("after", () => `\n${service.helpInformation()}`);
  await program.parseAsync();
}

function port(text: string): number {
  if (!/^[0-9]+$/.test(text)) {
    throw new InvalidArgumentError("It has to be a whole number.");
  }
  return Number(text);
}

async function writeService(request: ServiceRequest, dryRun: boolean): Promise<void> {
  const changes = await planService(checkout, request);
  if (dryRun) {
    console.log(diffOf(changes));
    return;
  }
  for (const change of changes) {
    write(change);
    console.log(`Wrote ${change.path}`);
  }
  for (const command of generators(request.application)) {
    const [, ...args] = command;
    const bootstrap = join(checkout, "sandbox", "bootstrap.mjs");
    const { code, stdout, stderr } = await runCommand(process.execPath, [bootstrap, ...args], {
      cwd: checkout,
    });
    if (code !== 0) {
      throw new Failure(
        `The files were written, but what follows from them was not:\n${stderr.trim()}`,
        `Correct what the message names, then run ${command[0]}.`,
      );
    }
    process.stdout.write(stdout);
  }
  console.log(`\n${nextSteps(request)}`);
}

/** A file that has come since it was looked for is not overwritten either. */
function write({ path, before, after }: Change): void {
  writeFileSync(join(checkout, path), after, { flag: before === undefined ? "wx" : "w" });
}

/** What is generated from the sources, each by the npm script that does it: `npm run check` compares them. */
function generators(application: string): readonly (readonly [script: string, ...string[]])[] {
  const production = "Pulumi.production.yaml";
  const config = stackConfig(readFileSync(join(checkout, production), "utf8"), production);
  const drawn = config["slipway:applications"];
  const isDrawn = typeof drawn === "object" && drawn !== null && application in drawn;
  const picture = ["diagram/cli.ts", "--stack", "production", "--out", "docs/stack.svg"] as const;
  return [
    ["npm run generate", "schemas/generate.ts"],
    ...(isDrawn
      ? [["npm run diagram -- --stack production --out docs/stack.svg", ...picture] as const]
      : []),
  ];
}

main().catch(endCommand);
