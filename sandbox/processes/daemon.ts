import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { Failure } from "../terminal/failure";
import { until } from "./until";
import { type Ledger, type TrackedProcess } from "./ledger";
import { processStart } from "./process-identity";

/** A process that stays when the command that started it ends. */
export interface Daemon {
  /** What it is, unique in a sandbox. */
  readonly name: string;
  /** The executable. */
  readonly file: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** Its log file; started anew each time. */
  readonly log: string;
  /** Additional environment variables. @default {} */
  readonly env?: Readonly<Record<string, string>>;
  /** Its working directory, absolute. @default - that of the sandbox's folder of logs */
  readonly cwd?: string;
}

/** How long a process may take to end after SIGTERM, in milliseconds; the API server drains for some seconds. */
const grace = 20_000;

/** Starts a daemon in its own session, so that Ctrl-C on the terminal does not reach it, and records it. */
export function startDaemon(ledger: Ledger, daemon: Daemon): TrackedProcess {
  const command = commandDigest(daemon);
  const log = openSync(daemon.log, "w", 0o600);
  const child = spawn(daemon.file, daemon.args, {
    detached: true,
    cwd: daemon.cwd ?? dirname(daemon.log),
    stdio: ["ignore", log, log],
    env: { ...process.env, ...daemon.env },
  });
  closeSync(log);
  // Without a listener a failed spawn would end this process; the missing pid below tells the same.
  child.on("error", () => undefined);
  const started = child.pid === undefined ? undefined : processStart(child.pid);
  if (child.pid === undefined || started === undefined) {
    throw new Failure(`${daemon.name} did not start (${daemon.file}).`, `Read ${daemon.log}.`);
  }
  child.unref();
  const entry = { name: daemon.name, pid: child.pid, started, log: daemon.log, command };
  ledger.add(entry);
  return entry;
}

/** Ends processes: SIGTERM, then a wait, then SIGKILL for those that are still there. */
export async function stopProcesses(
  ledger: Ledger,
  entries: readonly TrackedProcess[],
  patience = grace,
): Promise<void> {
  await Promise.all(
    entries.map(async (entry) => {
      signal(entry, "SIGTERM");
      const ended = (): boolean => !isRunning(entry);
      if (!(await until(ended, { timeout: patience, every: 50 }))) {
        signal(entry, "SIGKILL");
        await until(ended, { timeout: 5_000, every: 50 });
      }
    }),
  );
  for (const entry of entries) {
    ledger.remove(entry.name);
  }
}

/** Whether this very process is still there. */
export function isRunning(entry: TrackedProcess): boolean {
  return processStart(entry.pid) === entry.started;
}

/** The last lines of a log, for an error message. */
export function tail(log: string, lines = 5): string {
  try {
    return readFileSync(log, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
  } catch {
    return "";
  }
}

/** What tells one command line from another. */
export function commandDigest(daemon: Pick<Daemon, "file" | "args" | "env">): string {
  const text = JSON.stringify([daemon.file, daemon.args, daemon.env ?? {}]);
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function signal(entry: TrackedProcess, name: NodeJS.Signals): void {
  if (!isRunning(entry)) {
    return;
  }
  try {
    process.kill(entry.pid, name);
  } catch {
    // It ended between the look and the signal.
  }
}
