import { type ChildProcess } from "node:child_process";

/** How a child is told to end. */
export interface EndingOptions {
  /** The signal it understands as "stop, and clean up". @default "SIGTERM" */
  readonly signal?: NodeJS.Signals;
  /** Whether the signal goes to the child's whole process group, which it has to lead. @default true */
  readonly group?: boolean;
}

const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type Interruption = keyof typeof exitCodes;

/**
 * A terminal sends Ctrl-C to its whole process group and npm forwards it once more, so one key press
 * arrives several times. Within this time, in milliseconds, it counts once.
 */
const sameKeyPress = 1_000;

/** What has to be done before we leave, such as ending daemons that outlive their starter. */
const farewells = new Set<() => Promise<void>>();
const children = new Map<ChildProcess, Required<EndingOptions>>();
let interrupted: { readonly by: Interruption; lastAt: number } | undefined;
let installed = false;

/**
 * Makes Ctrl-C and SIGTERM end this process in order: each registered child is told once, waited for, and
 * then the process ends with the usual exit code. A second Ctrl-C tells the children again.
 */
export function handleInterruption(): void {
  if (installed) {
    return;
  }
  installed = true;
  for (const name of Object.keys(exitCodes) as Interruption[]) {
    process.on(name, () => interrupt(name));
  }
}

/** Registers a child that has to end with us; the returned function takes it off again. */
export function endWithUs(child: ChildProcess, options: EndingOptions = {}): () => void {
  children.set(child, { signal: options.signal ?? "SIGTERM", group: options.group ?? true });
  return () => {
    children.delete(child);
    leaveWhenInterrupted();
  };
}

/** Registers work to be done when we are interrupted, after the children have ended; the returned function takes it off again. */
export function beforeLeaving(work: () => Promise<void>): () => void {
  farewells.add(work);
  return () => {
    farewells.delete(work);
  };
}

function interrupt(by: Interruption): void {
  const now = Date.now();
  if (interrupted !== undefined && now - interrupted.lastAt < sameKeyPress) {
    return;
  }
  interrupted = { by: interrupted?.by ?? by, lastAt: now };
  for (const [child, ending] of children) {
    tell(child, ending);
  }
  leaveWhenInterrupted();
}

function leaveWhenInterrupted(): void {
  if (interrupted !== undefined && children.size === 0) {
    const code = exitCodes[interrupted.by];
    void Promise.allSettled([...farewells].map((work) => work())).then(() => {
      process.stderr.write("\nInterrupted; the same command goes on from here.\n");
      process.exit(code);
    });
  }
}

function tell(child: ChildProcess, ending: Required<EndingOptions>): void {
  if (child.pid === undefined) {
    return;
  }
  try {
    process.kill(ending.group ? -child.pid : child.pid, ending.signal);
  } catch {
    // It has just ended.
  }
}
