import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { readRenderFolder, UnreadableFolderError, type ManifestCache } from "./input/render-folder";
import { htmlOf } from "./page/html";
import { jsonOf } from "./page/json";
import { markdownOf } from "./page/markdown";
import { reviewedConfig } from "./policy-findings";
import { reviewStacks } from "./report";
import { exitCodes } from "./verdict";

/** The options as the command line gives them. */
interface Arguments {
  readonly base: string;
  readonly head: string;
  readonly out?: string;
  readonly json?: boolean;
}

function main(): void {
  const command = new Command("npm run review --")
    .description(
      "Says what a change does to a stack, from two folders written by npm run render. " +
        "Exit code 0: nothing risky; 2: needs a human; 1: policy failed, or a folder cannot be read.",
    )
    .requiredOption("--base <folder>", "the stack as it is")
    .requiredOption("--head <folder>", "the stack as it would be")
    .option("--out <folder>", "writes review.md and review.html")
    .option("--json", "prints the report as JSON instead of the verdict")
    .showHelpAfterError()
    .exitOverride();
  const { base, head, out, json } = command.parse().opts<Arguments>();
  const cache: ManifestCache = new Map();
  const report = reviewStacks(
    readRenderFolder(base, cache),
    readRenderFolder(head, cache),
    reviewedConfig(),
  );
  if (out !== undefined) {
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, "review.md"), markdownOf(report));
    writeFileSync(join(out, "review.html"), htmlOf(report));
  }
  process.stdout.write(json === true ? jsonOf(report) : `${report.verdict.line}\n`);
  process.exitCode = exitCodes[report.verdict.outcome];
}

try {
  main();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode;
  } else {
    const known = error instanceof UnreadableFolderError;
    console.error(known ? error.message : error);
    process.exitCode = 1;
  }
}
