import Mocha from "mocha";

/** Mocha's spec report, closed by the one line that a script can read: `N passed, N failed`. */
export class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      process.once("exit", () => {
        process.stdout.write(`${countLine(this.stats)}\n`);
      });
    });
  }
}

/** The closing line; skipped tests are named only when there are any. */
export function countLine(stats: Pick<Mocha.Stats, "passes" | "failures" | "pending">): string {
  const skipped = stats.pending === 0 ? "" : `, ${String(stats.pending)} skipped`;
  return `${String(stats.passes)} passed, ${String(stats.failures)} failed${skipped}`;
}
