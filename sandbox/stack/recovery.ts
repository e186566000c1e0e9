import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type SandboxFolder } from "../folder";
import { project } from "./project";
import { readJson } from "../json-file";
import { type CommandResult } from "../processes/command";
import { stopProcesses } from "../processes/daemon";
import { type Ledger } from "../processes/ledger";
import { processStart } from "../processes/process-identity";

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

/** Where the file backend keeps the state of a stack. */
export function stateFile(folder: SandboxFolder, stack: string): string {
  return join(folder.state, ".pulumi", "stacks", project, `${stack}.json`);
}
