/** Where a long piece of work tells what it is doing. */
export interface Progress {
  /** Prints one line that stays. */
  note(line: string): void;
  /**
   * Runs a step and shows its title with the elapsed time until it ends. The step may name what it is
   * waiting for; quick steps print nothing.
   */
  step<T>(title: string, work: (detail: (text: string) => void) => Promise<T>): Promise<T>;
}

/** Steps shorter than this, in milliseconds, are not worth a line. */
const quiet = 400;
/** How often a log without a terminal is told that a step is still running, in milliseconds. */
const heartbeat = 30_000;

/** Progress on a terminal (one line, redrawn) or in a log (a line now and then), chosen by the stream. */
export function terminalProgress(stream: NodeJS.WriteStream = process.stdout): Progress {
  const live = stream.isTTY === true;
  const clear = (): void => {
    if (live) {
      stream.write("\r\u001b[2K");
    }
  };
  return {
    note(line) {
      clear();
      stream.write(`${line}\n`);
    },
    async step(title, work) {
      const started = Date.now();
      let detail = "";
      let announced = false;
      const draw = (): void => {
        const text = `  ${title}${detail === "" ? "" : `: ${detail}`} … ${elapsed(started)}`;
        if (live) {
          clear();
          stream.write(text.slice(0, (stream.columns ?? 80) - 1));
        } else {
          stream.write(`${text}\n`);
        }
        announced = true;
      };
      const first = setTimeout(draw, quiet);
      const next = setInterval(draw, live ? 250 : heartbeat);
      try {
        const result = await work((text) => {
          const changed = text !== detail;
          detail = text;
          if (changed && announced && !live) {
            draw();
          }
        });
        if (announced) {
          clear();
          stream.write(`  ${title}: done in ${elapsed(started)}\n`);
        }
        return result;
      } finally {
        clearTimeout(first);
        clearInterval(next);
        clear();
      }
    },
  };
}

/** Progress for callers that show nothing, such as the engine tests. */
export const silentProgress: Progress = {
  note: () => undefined,
  step: (_title, work) => work(() => undefined),
};

/** Elapsed time as a person reads it: `3.2 s`, `1 min 05 s`. */
export function elapsed(since: number, now = Date.now()): string {
  const seconds = (now - since) / 1000;
  if (seconds < 60) {
    return `${seconds.toFixed(1)} s`;
  }
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}
