import { spawn } from "node:child_process";
import { Failure, errorCode } from "../terminal/failure";

/** How a command is run. */
export interface CommandOptions {
  /** Additional environment variables; undefined removes one. @default {} */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Working directory. @default - that of this process */
  readonly cwd?: string;
  /** Gives up after this time, in milliseconds. @default - never */
  readonly timeout?: number;
}

/** What a command left behind. */
export interface CommandResult {
  /** Exit code; 124 when its time was over. */
  readonly code: number;
  /** Its standard output. */
  readonly stdout: string;
  /** Its standard error. */
  readonly stderr: string;
}

/** Runs a command to its end and returns what it printed. It fails only when there is no such command. */
export function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: mergeEnvironment(options.env),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    let late = false;
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
    const timer =
      options.timeout === undefined
        ? undefined
        : setTimeout(() => {
            late = true;
            child.kill("SIGKILL");
          }, options.timeout);
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(errorCode(error) === "ENOENT" ? noCommand(file) : error);
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code: late ? 124 : (code ?? 1), stdout, stderr });
    });
  });
}

/** The failure of a command that is not installed. */
export function noCommand(file: string): Failure {
  return new Failure(`There is no command ${file}.`, "Install it, or add its folder to PATH.");
}

/** This process's environment with additions and removals. */
export function mergeEnvironment(
  changes: Readonly<Record<string, string | undefined>> = {},
): NodeJS.ProcessEnv {
  const merged: NodeJS.ProcessEnv = { ...process.env, ...changes };
  for (const [name, value] of Object.entries(merged)) {
    if (value === undefined) {
      delete merged[name];
    }
  }
  return merged;
}
