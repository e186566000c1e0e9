import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type SandboxFolder } from "../folder";
import { project } from "./project";
import { readJson } from "../json-file";
import { type CommandResult } from "../processes/command";
import { stopProcesses } from "../processes/daemon";
import { type Ledger } from "../processes/ledger";
import { processStart } from "../processes/process-identity";
import { until } from "../processes/until";
import { type Progress } from "../terminal/progress";

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

/**
 * Removes what dead processes left on a stack of the sandbox's own backend: their locks, which are counted,
 * and attributes of the state that were cut short. A stack that a living process holds keeps everything else.
 */
export function clearInterruptedRuns(folder: SandboxFolder, stack: string): number {
  const locks = locksOf(folder, stack);
  const stale = locks.filter((file) => holder(file) === undefined);
  for (const file of stale) {
    rmSync(file, { force: true });
    // The backend keeps a file's attributes beside it.
    rmSync(`${file}.attrs`, { force: true });
  }
  if (stale.length === locks.length) {
    dropCutAttributes(stateFile(folder, stack));
  }
  return stale.length;
}

/**
 * The backend writes a file whole, by a rename, but its attributes in place: a kill in between leaves them
 * empty, and then the state beside them cannot be read ("failed to load checkpoint: EOF"). A file without
 * attributes can.
 */
function dropCutAttributes(state: string): void {
  for (const file of [`${state}.attrs`, `${state}.bak.attrs`]) {
    if (existsSync(file) && readJson(file) === undefined) {
      rmSync(file);
    }
  }
}

/**
 * Waits while a living process holds a stack: another terminal's update, or one that is still saving its state
 * after Ctrl-C. The CLI itself would refuse, and name a file.
 */
export async function waitForStack(
  folder: SandboxFolder,
  stack: string,
  progress: Progress,
): Promise<void> {
  const holding = (): number | undefined =>
    locksOf(folder, stack)
      .map(holder)
      .find((pid) => pid !== undefined);
  const first = holding();
  if (first !== undefined) {
    const title = `Waiting for the run that holds stack ${stack} (process ${first})`;
    await progress.step(title, () => until(() => holding() === undefined, { timeout: Infinity }));
  }
}

function locksOf(folder: SandboxFolder, stack: string): readonly string[] {
  const directory = join(folder.state, ".pulumi", "locks", "organization", project, stack);
  return existsSync(directory)
    ? readdirSync(directory, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".json"))
        .map((name) => join(directory, name))
    : [];
}

/** The living process that a lock names; a lock that cannot be read was cut short by a kill. */
function holder(file: string): number | undefined {
  const { pid } = (readJson(file) ?? {}) as { readonly pid?: number };
  return pid !== undefined && processStart(pid) !== undefined ? pid : undefined;
}

/** Where the file backend keeps the state of a stack. */
export function stateFile(folder: SandboxFolder, stack: string): string {
  return join(folder.state, ".pulumi", "stacks", project, `${stack}.json`);
}
