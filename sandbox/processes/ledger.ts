import { readJson, writeJson } from "../json-file";
import { processStart } from "./process-identity";

/** One process that the sandbox started. */
export interface TrackedProcess {
  /** What it is, such as `kube-apiserver`; unique in a sandbox. */
  readonly name: string;
  /** Process id. */
  readonly pid: number;
  /** When it started, as {@link processStart} tells it, so that a recycled pid is never ended. */
  readonly started: string;
  /** Its log file. */
  readonly log: string;
  /** A digest of the command line, to tell a process that runs with other arguments. */
  readonly command: string;
  /** The command of ours that waits for it. @default - none, it is a daemon */
  readonly owner?: { readonly pid: number; readonly started: string };
}

/** The processes of one sandbox, kept in a file that survives the command that started them. */
export class Ledger {
  constructor(private readonly file: string) {}

  /** Every recorded process that is still the one that was started. */
  running(): readonly TrackedProcess[] {
    return this.recorded().filter((entry) => processStart(entry.pid) === entry.started);
  }

  /** The running process of a name. */
  find(name: string): TrackedProcess | undefined {
    return this.running().find((entry) => entry.name === name);
  }

  /** Records a process and forgets those that have ended. */
  add(entry: TrackedProcess): void {
    writeJson(this.file, [...this.running().filter(({ name }) => name !== entry.name), entry]);
  }

  /** Forgets a process. */
  remove(name: string): void {
    writeJson(
      this.file,
      this.running().filter((entry) => entry.name !== name),
    );
  }

  private recorded(): readonly TrackedProcess[] {
    const content = readJson(this.file);
    return Array.isArray(content) ? content.filter(isTracked) : [];
  }
}

function isTracked(value: unknown): value is TrackedProcess {
  const entry = value as Partial<TrackedProcess> | null;
  return (
    typeof entry?.name === "string" &&
    typeof entry.started === "string" &&
    Number.isInteger(entry.pid) &&
    (entry.pid ?? 0) > 1
  );
}
