import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type SandboxFolder } from "../folder";
import { project } from "./project";
import { readJson, writeJson } from "../json-file";
import { type CommandResult } from "../processes/command";
import { stopProcesses } from "../processes/daemon";
import { type Ledger } from "../processes/ledger";
import { processStart } from "../processes/process-identity";
import { Failure } from "../terminal/failure";

/** Runs the Pulumi CLI quietly. */
export type QuietPulumi = (args: readonly string[]) => Promise<CommandResult>;

/**
 * Ends commands of the sandbox whose starter was killed: nobody waits for them, and nobody would pass a
 * Ctrl-C on to them.
 */
export async function endOrphans(ledger: Ledger): Promise<void> {
  const orphans = ledger
    .running()
    .filter(({ owner }) => owner !== undefined && processStart(owner.pid) !== owner.started);
  await stopProcesses(ledger, orphans);
}

/** Removes the locks that dead processes left on a stack of the sandbox's own backend. */
export function clearStaleLocks(folder: SandboxFolder, stack: string): number {
  const locks = join(folder.state, ".pulumi", "locks", "organization", project, stack);
  const stale = existsSync(locks)
    ? readdirSync(locks, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".json"))
        .map((name) => join(locks, name))
        .filter((file) => !isHeld(file))
    : [];
  for (const file of stale) {
    rmSync(file, { force: true });
    // The backend keeps a file's attributes beside it.
    rmSync(`${file}.attrs`, { force: true });
  }
  return stale.length;
}

/** A lock names its process; one that cannot be read was cut short by a kill. */
function isHeld(file: string): boolean {
  const { pid } = (readJson(file) ?? {}) as { readonly pid?: number };
  return pid !== undefined && processStart(pid) !== undefined;
}

/**
 * Forgets the operations that an interrupted run could not finish. Nothing is lost by it: every object is
 * applied server-side under a fixed name, so the next run finds what the last one made.
 */
export async function clearPendingOperations(
  folder: SandboxFolder,
  stack: string,
  pulumi: QuietPulumi,
): Promise<boolean> {
  const state = stateFile(folder, stack);
  if (!existsSync(state) || !readFileSync(state, "utf8").includes('"pending_operations"')) {
    return false;
  }
  const scratch = mkdtempSync(join(folder.root, "state-"));
  try {
    const file = join(scratch, "state.json");
    await succeed(pulumi, ["stack", "export", `--stack=${stack}`, `--file=${file}`]);
    const exported = readJson(file) as { readonly deployment?: Record<string, unknown> };
    const { pending_operations: pending, ...deployment } = exported.deployment ?? {};
    if (!Array.isArray(pending) || pending.length === 0) {
      return false;
    }
    writeJson(file, { ...exported, deployment });
    await succeed(pulumi, ["stack", "import", `--stack=${stack}`, `--file=${file}`]);
    return true;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Where the file backend keeps the state of a stack. */
export function stateFile(folder: SandboxFolder, stack: string): string {
  return join(folder.state, ".pulumi", "stacks", project, `${stack}.json`);
}

async function succeed(pulumi: QuietPulumi, args: readonly string[]): Promise<void> {
  const result = await pulumi(args);
  if (result.code !== 0) {
    throw new Failure(
      `pulumi ${args.slice(0, 2).join(" ")} failed: ${result.stderr.trim()}`,
      "The state is damaged. Start anew: npm run sandbox -- reset",
    );
  }
}
