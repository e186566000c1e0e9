import { type ChildProcess, spawn } from "node:child_process";
import { errorCode } from "../terminal/failure";
import { mergeEnvironment, noCommand } from "./command";
import { endWithUs } from "./interruption";
import { type Ledger } from "./ledger";
import { processStart } from "./process-identity";

/** How a command is run that shares our terminal. */
export interface AttachedOptions {
  /** Additional environment variables; undefined removes one. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Working directory. @default - that of this process */
  readonly cwd?: string;
  /** Records the command while it runs, so that it is found when this process is killed. @default - it is not recorded */
  readonly track?: { readonly ledger: Ledger; readonly name: string };
  /** Takes what the command prints, standard output and standard error, instead of our terminal. @default - the terminal */
  readonly onOutput?: (text: string, stream: "stdout" | "stderr") => void;
}

/**
 * Runs a command on our terminal and returns its exit code. It gets Ctrl-C from us, once: in a session of
 * its own, because a terminal and npm would each deliver it again, and the Pulumi CLI takes a second one as
 * the order to give up without saving.
 */
export function runAttached(
  file: string,
  args: readonly string[],
  options: AttachedOptions,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const own = options.onOutput === undefined;
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: mergeEnvironment(options.env),
      stdio: own ? "inherit" : ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const release = endWithUs(child, { signal: "SIGINT", group: false });
    const forget = track(child, options);
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream]
        ?.setEncoding("utf8")
        .on("data", (text: string) => options.onOutput?.(text, stream));
    }
    child.on("error", (error) => {
      forget();
      release();
      reject(errorCode(error) === "ENOENT" ? noCommand(file) : error);
    });
    child.on("close", (code, signal) => {
      forget();
      release();
      resolve(code ?? (signal === "SIGINT" ? 130 : 1));
    });
  });
}

/** Records a command while it runs; several of one name are told apart by their pid. */
function track(child: ChildProcess, { track: tracking }: AttachedOptions): () => void {
  const started = child.pid === undefined ? undefined : processStart(child.pid);
  if (tracking === undefined || child.pid === undefined || started === undefined) {
    return () => undefined;
  }
  const name = `${tracking.name} ${child.pid}`;
  const owner = { pid: process.pid, started: processStart(process.pid) ?? "" };
  tracking.ledger.add({ name, pid: child.pid, started, log: "", command: "", owner });
  return () => tracking.ledger.remove(name);
}
