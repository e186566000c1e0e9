import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stackConfigFile } from "../../policy/pack/config-file";
import { checkout } from "../../sandbox/folder";
import { type CommandResult, runCommand } from "../../sandbox/processes/command";
import { Failure } from "../../sandbox/terminal/failure";
import { type Progress } from "../../sandbox/terminal/progress";
import { exitCodes } from "../verdict";
import { deliveredStacks } from "./stacks";

/** What is checked without a cluster. */
export interface OfflineRequest {
  /** The commit that the change starts from, as git names it. */
  readonly base: string;
  /** The folder that gets one folder for each stack. */
  readonly out: string;
  /** The stacks. @default - every stack that is delivered */
  readonly stacks?: readonly string[];
  /** Where progress goes. */
  readonly progress: Progress;
}

/** How a stack's check ended. */
export interface OfflineResult {
  /** The stack. */
  readonly stack: string;
  /** The first line of its review. */
  readonly verdict: string;
  /** The exit code of its review. */
  readonly code: number;
}

/**
 * Renders every stack before and after a change, judges the objects and reviews the change, with no cluster and
 * no credentials: `<out>/<stack>/` gets the rendered objects, policy.sarif, review.md and review.html.
 */
export async function checkOffline(request: OfflineRequest): Promise<readonly OfflineResult[]> {
  const { out, progress } = request;
  const base = join(out, "base");
  const results: OfflineResult[] = [];
  mkdirSync(out, { recursive: true });
  await inBase(request, async (folder) => {
    for (const stack of request.stacks ?? deliveredStacks()) {
      const known = existsSync(join(folder, `Pulumi.${stack}.yaml`));
      const before = join(base, stack);
      const after = join(out, stack, "objects");
      await progress.step(`Rendering ${stack}`, async () => {
        if (known) {
          await must(folder, "render", "--stack", stack, "--out", before);
        } else {
          // A stack that the change adds is compared with nothing.
          mkdirSync(before, { recursive: true });
          writeFileSync(join(before, "index.json"), "[]\n");
        }
        await must(checkout, "render", "--stack", stack, "--out", after);
      });
      results.push(await judge(stack, before, after, join(out, stack)));
    }
  });
  return results;
}

async function judge(
  stack: string,
  before: string,
  after: string,
  out: string,
): Promise<OfflineResult> {
  const config = stackConfigFile(stack);
  const policy = await npmRun(
    checkout,
    ...["policy", "check", after, "--exemptions", join(checkout, "policy", "exemptions")],
    ...(config === undefined ? [] : ["--config", config]),
    ...["--format", "sarif"],
  );
  writeFileSync(join(out, "policy.sarif"), policy.stdout);
  const review = await npmRun(
    checkout,
    ...["review", "--base", before, "--head", after, "--out", out],
  );
  if (!Object.values(exitCodes).includes(review.code) || review.stdout.trim() === "") {
    throw new Failure(`The review of ${stack} ended with ${review.code}:\n${review.stderr}`);
  }
  return { stack, verdict: review.stdout.trim(), code: review.code };
}

/** Runs something while the base is checked out beside the checkout. */
async function inBase(
  { base, out, progress }: OfflineRequest,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = join(out, "base-checkout");
  const git = async (...args: readonly string[]): Promise<void> => {
    const { code, stderr } = await runCommand("git", args, { cwd: checkout });
    if (code !== 0) {
      throw new Failure(
        `git ${args.join(" ")} failed: ${stderr.trim()}`,
        "Name a commit that is in the clone; a pipeline has to fetch the whole history.",
      );
    }
  };
  rmSync(folder, { recursive: true, force: true });
  await git("worktree", "prune");
  await git("worktree", "add", "--detach", folder, base);
  try {
    const lock = "package-lock.json";
    const same = await runCommand("git", ["diff", "--quiet", base, "--", lock], { cwd: checkout });
    if (same.code === 0) {
      symlinkSync(join(checkout, "node_modules"), join(folder, "node_modules"));
    } else {
      await progress.step("Installing the dependencies of the base", async () => {
        const { code, stderr } = await runCommand("npm", ["ci", "--no-audit", "--no-fund"], {
          cwd: folder,
        });
        if (code !== 0) {
          throw new Failure(`npm ci of the base failed:\n${stderr}`);
        }
      });
    }
    await work(folder);
  } finally {
    rmSync(join(folder, "node_modules"), { recursive: true, force: true });
    await git("worktree", "remove", "--force", folder);
  }
}

async function must(cwd: string, ...args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await npmRun(cwd, ...args);
  if (code !== 0) {
    throw new Failure(`npm run ${args.join(" ")} failed in ${cwd}:\n${stdout}${stderr}`);
  }
}

function npmRun(cwd: string, ...[script = "", ...args]: readonly string[]): Promise<CommandResult> {
  return runCommand("npm", ["run", "--silent", script, "--", ...args], { cwd });
}
