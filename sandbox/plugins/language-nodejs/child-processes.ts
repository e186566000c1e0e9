import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";

/** How a child process ended. */
export interface Ending {
  /** Its exit code; undefined when a signal or a failed start ended it. */
  readonly code?: number;

  /** Why there is no exit code. */
  readonly problem?: string;
}

/** The processes a language host started: programs, policy packs, package managers. */
export class ChildProcesses {
  private readonly running = new Set<ChildProcess>();

  /**
   * Starts a process and waits for its end.
   *
   * @param onStarted gets the process once it exists, to read its output or to end it early
   */
  run(
    command: string,
    args: readonly string[],
    options: SpawnOptions,
    onStarted: (child: ChildProcess) => void = () => undefined,
  ): Promise<Ending> {
    const child = spawn(command, args, options);
    this.running.add(child);
    onStarted(child);
    return new Promise((resolve) => {
      child.once("error", (error) => {
        this.running.delete(child);
        resolve({ problem: `could not start ${command}: ${error.message}` });
      });
      child.once("close", (code, signal) => {
        this.running.delete(child);
        resolve(code === null ? { problem: `${command} was ended by ${signal}` } : { code });
      });
    });
  }

  /** Asks every process to stop, as Ctrl-C does. */
  interruptAll(): void {
    for (const child of this.running) {
      child.kill("SIGINT");
    }
  }

  /** Ends every process at once; nothing may outlive the language host. */
  killAll(): void {
    for (const child of this.running) {
      child.kill("SIGKILL");
    }
  }
}
