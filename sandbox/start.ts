import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type ClusterRequest } from "./cluster/choice";
import { checkout } from "./folder";
import { type Sandbox } from "./sandbox";
import { defaultStack } from "./stack/project";
import { checkSettings } from "./stack/settings-check";
import { type Progress, elapsed } from "./terminal/progress";

/**
 * A preview would ask nothing here, and takes as long as the update itself when nothing changes. Policies
 * judge each resource in the update too, before it is made.
 */
const upArguments: readonly string[] = [
  ...["up", "--yes", "--skip-preview", `--stack=${defaultStack}`],
  // The dots are for somebody who waits at a terminal, which shows a tree instead.
  "--suppress-progress",
];

/**
 * The exit code of a run that was cancelled. At a terminal the CLI reads Ctrl-C as a key, and we get no signal.
 * @see https://www.pulumi.com/docs/iac/cli/exit-codes/
 */
const cancelled = 8;

/**
 * Brings the cluster and the whole stack up, and says what to type next.
 * @throws Failure before anything is started when the stack file has a mistake.
 */
export async function start(
  sandbox: Sandbox,
  request: ClusterRequest,
  progress: Progress,
): Promise<number> {
  const started = Date.now();
  const file = `Pulumi.${defaultStack}.yaml`;
  await checkSettings(readFileSync(join(checkout, file), "utf8"), file);
  await sandbox.up(request);
  const code = await sandbox.pulumi(upArguments);
  if (code === cancelled) {
    progress.note(`\nInterrupted after ${elapsed(started)}; the same command goes on from here.`);
    return code;
  }
  if (code !== 0) {
    progress.note(`\npulumi up ended with exit code ${code} after ${elapsed(started)}.`);
    const explained = await explanation(sandbox);
    if (explained !== undefined) {
      progress.note(`\n${explained}\n`);
    }
    progress.note(
      "  → Run the same command again: it goes on. Where the diagnostics above name a mistake, mend it first.",
    );
    return code;
  }
  progress.note(`\nThe stack is up (${elapsed(started)}). What to type next:`);
  for (const [command, purpose] of next) {
    progress.note(`  ${command.padEnd(46)} ${purpose}`);
  }
  return 0;
}

/** Why services are not ready; undefined where there is nothing to say, or nobody to ask. */
async function explanation(sandbox: Sandbox): Promise<string | undefined> {
  // Loading the Kubernetes client takes a second that only a failure is worth.
  const { explainFailures } = await import("../operations/explain");
  const { sandboxStack } = await import("../operations/stack");
  return explainFailures(sandboxStack(defaultStack, sandbox)).catch(() => undefined);
}

const next: readonly (readonly [string, string])[] = [
  ["npm run sandbox -- kubectl get pods -A", "what runs"],
  ["npm run status -- --stack sandbox", "what is deployed, and whether it is healthy"],
  ["npm run sandbox -- status", "what is real and what is simulated"],
  ["npm run sandbox -- pulumi stack output", "addresses, and the image of every service"],
  ["npm run sandbox -- pulumi preview -s sandbox", "what an edit would change"],
  ["npm run sandbox -- pulumi destroy -s sandbox", "remove the stack"],
  ["npm run sandbox -- down", "end the cluster and keep its data"],
];
