import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { driftOfStack } from "../../operations/drift/stack-drift";
import { openStack } from "../../operations/stack";
import { handleInterruption } from "../../sandbox/processes/interruption";
import { CommandLine } from "../../sandbox/terminal/command-line";
import { describeFailure } from "../../sandbox/terminal/failure";
import { terminalProgress, type Progress } from "../../sandbox/terminal/progress";
import { readRenderFolder } from "../input/render-folder";
import { runPreview } from "../input/run-preview";
import { reviewOf } from "../report";
import { codeHost } from "./code-host";
import { writeComment } from "./comment";
import { driftLine, tellDrift } from "./drift";
import { imagesOf } from "./images";
import { checkOffline } from "./offline";
import { rehearse } from "./rehearse";

/** The steps of a pipeline that are more than one command; both CI files call them. */
async function main(): Promise<void> {
  handleInterruption();
  const progress = terminalProgress(process.stderr);
  const program = new CommandLine("npm run pipeline --")
    .description("The steps of a pipeline that are more than one command.")
    .showHelpAfterError();

  program
    .command("offline")
    .description("render, judge and review stacks before and after a change, with no credentials")
    .requiredOption("--base <commit>", "what the change starts from")
    .requiredOption("--out <folder>", "gets one folder for each stack")
    .option("--stack <names...>", "only these stacks")
    .action(async (given: OfflineArguments) => {
      await offline(given, progress);
    });
  program
    .command("comment")
    .description("write the pages of all stacks as the one comment of the pull request")
    .argument("<folder>", "holds one folder with review.md for each stack")
    .action(async (folder: string) => {
      await writeComment(codeHost(), readPages(folder));
    });
  program
    .command("images")
    .description("print the images of a rendered stack, one on each line")
    .argument("<folder>", "written by npm run render")
    .action((folder: string) => {
      console.log(imagesOf(readRenderFolder(folder)).join("\n"));
    });
  program
    .command("drift")
    .description("open, update or close the issue about what differs in a stack's cluster")
    .requiredOption("--stack <name>", "the stack")
    .action(async ({ stack }: { stack: string }) => {
      await drift(stack, progress);
    });
  program
    .command("rehearse")
    .description(
      "run the commands of both CI files on a clean clone, and list those that cannot be",
    )
    .action(async () => {
      process.exitCode = (await rehearse()) ? 0 : 1;
    });
  await program.parseAsync();
}

interface OfflineArguments {
  readonly base: string;
  readonly out: string;
  readonly stack?: string[];
}

async function offline({ base, out, stack }: OfflineArguments, progress: Progress): Promise<void> {
  const results = await checkOffline({
    base,
    out: resolve(out),
    progress,
    ...(stack === undefined ? {} : { stacks: stack }),
  });
  for (const { stack: name, verdict } of results) {
    console.log(`${name}: ${verdict}`);
  }
  // What needs a human is for the reviewers of the change, who read the comment; it fails no job.
  process.exitCode = results.some(({ code }) => code === 1) ? 1 : 0;
}

async function drift(stack: string, progress: Progress): Promise<void> {
  const dryRun = await progress.step(`Comparing the objects of stack ${stack}`, () =>
    driftOfStack(openStack(stack)),
  );
  const { comparison, account } = await runPreview({ stack, more: ["--refresh"], progress });
  const report = { ...reviewOf(comparison, account), stack };
  console.log(driftLine({ report, dryRun }));
  await tellDrift(codeHost(), { report, dryRun });
}

function readPages(folder: string) {
  return readdirSync(folder)
    .filter((stack) => existsSync(join(folder, stack, "review.md")))
    .sort()
    .map((stack) => ({ stack, markdown: readFileSync(join(folder, stack, "review.md"), "utf8") }));
}

main().catch((error: unknown) => {
  console.error(describeFailure(error));
  process.exitCode = 1;
});
