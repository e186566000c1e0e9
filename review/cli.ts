import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { handleInterruption } from "../sandbox/processes/interruption";
import { endCommand } from "../sandbox/terminal/command-line";
import { Failure } from "../sandbox/terminal/failure";
import { terminalProgress } from "../sandbox/terminal/progress";
import { readEventLog } from "./input/event-log";
import { readDependencies, readPreview, type Dependencies, type Preview } from "./input/preview";
import { readRenderFolder, type ManifestCache } from "./input/render-folder";
import { runPreview } from "./input/run-preview";
import { htmlOf } from "./page/html";
import { jsonOf } from "./page/json";
import { markdownOf } from "./page/markdown";
import { reviewOf, reviewStacks, type Report } from "./report";
import { exitCodes } from "./verdict";

/** The options as the command line gives them. */
interface Arguments {
  readonly base?: string;
  readonly head?: string;
  readonly stack?: string;
  readonly eventLog?: string;
  readonly state?: string;
  readonly out?: string;
  readonly json?: boolean;
}

async function main(): Promise<void> {
  handleInterruption();
  const command = new Command("npm run review --")
    .description(
      "Says what a change does to a stack: from a preview of the stack, from the engine's log of one, or from " +
        "two folders written by npm run render. Exit code 0: nothing risky; 2: needs a human; 1: policy or " +
        "preview failed, or something cannot be read.",
    )
    .option("--stack <name>", "previews the stack, as in Pulumi.<name>.yaml")
    .option("--event-log <file>", "reads what pulumi preview --event-log wrote")
    .option("--state <file>", "with --event-log: what pulumi stack export wrote, for the order")
    .option("--base <folder>", "the stack as it is")
    .option("--head <folder>", "the stack as it would be")
    .option("--out <folder>", "writes review.md and review.html")
    .option("--json", "prints the report as JSON instead of the verdict")
    .argument("[arguments...]", "with --stack: further arguments of pulumi preview, after --")
    .showHelpAfterError()
    .exitOverride();
  const given = command.parse().opts<Arguments>();
  const report = await review(given, command.args);
  const { out } = given;
  if (out !== undefined) {
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, "review.md"), markdownOf(report));
    writeFileSync(join(out, "review.html"), htmlOf(report));
  }
  process.stdout.write(given.json === true ? jsonOf(report) : `${report.verdict.line}\n`);
  process.exitCode = exitCodes[report.verdict.outcome];
}

/** Makes the report from the one input that is given. */
async function review(
  { base, head, stack, eventLog, state }: Arguments,
  more: readonly string[],
): Promise<Report> {
  const ofPreview = ({ comparison, account }: Preview): Report => reviewOf(comparison, account);
  const folders = base !== undefined || head !== undefined;
  if ([stack !== undefined, eventLog !== undefined, folders].filter(Boolean).length !== 1) {
    throw new Failure(
      "Name one thing to review.",
      "Give --stack <name>, or --event-log <file>, or --base <folder> with --head <folder>.",
    );
  }
  if (state !== undefined && eventLog === undefined) {
    throw new Failure(
      "--state goes with --event-log.",
      "Leave it out: the other inputs have the order.",
    );
  }
  if (stack !== undefined) {
    return ofPreview(await runPreview({ stack, more, progress: terminalProgress(process.stderr) }));
  }
  if (more.length > 0) {
    throw new Failure(
      `Nothing takes the arguments ${more.join(" ")}.`,
      "Arguments of pulumi preview go with --stack, after --.",
    );
  }
  if (eventLog !== undefined) {
    const log = readEventLog(readFileSync(eventLog, "utf8"), eventLog);
    return ofPreview(readPreview(log, state === undefined ? undefined : dependenciesIn(state)));
  }
  if (base === undefined || head === undefined) {
    throw new Failure(
      `There is --${base === undefined ? "head" : "base"} without --${base === undefined ? "base" : "head"}.`,
      "Give both folders.",
    );
  }
  const cache: ManifestCache = new Map();
  return reviewStacks(readRenderFolder(base, cache), readRenderFolder(head, cache));
}

function dependenciesIn(file: string): Dependencies {
  const found = readDependencies(readFileSync(file, "utf8"));
  if (found === undefined) {
    throw new Failure(
      `${file} is not a stack's state.`,
      "Write it with pulumi stack export --file.",
    );
  }
  return found;
}

main().catch(endCommand);
