import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mergeEnvironment } from "./command";
import { endWithUs } from "./interruption";

/** How a command is run whose output goes into a file. */
export interface LoggedOptions {
  /** The log file, started anew. */
  readonly log: string;
  /** Working directory. */
  readonly cwd: string;
  /** Additional environment variables. */
  readonly env: Readonly<Record<string, string>>;
}

/** Runs a long command with its output in a log file, and returns its exit code. It ends when we are interrupted. */
export function runLogged(
  file: string,
  args: readonly string[],
  options: LoggedOptions,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const log = openSync(options.log, "w", 0o600);
    // A group of its own: the compilers that Go starts end with it.
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: mergeEnvironment(options.env),
      stdio: ["ignore", log, log],
      detached: true,
    });
    closeSync(log);
    const release = endWithUs(child);
    child.on("error", (error) => {
      release();
      reject(error);
    });
    child.on("close", (code) => {
      release();
      resolve(code ?? 1);
    });
  });
}
