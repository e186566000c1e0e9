import { type Change } from "./model/change";
import { isQuiet } from "./model/noise";
import { riskKinds, type Risk, type RiskKind } from "./model/risk";
import { type PolicyFinding } from "./policy-findings";
import { count, countWords } from "./risks/charts";
import { type Restart } from "./risks/restarts";

/** How a review ends, and with which exit code: 0, 2, 1. */
export type Outcome = "nothing-risky" | "needs-a-human" | "failed";

export const exitCodes: Readonly<Record<Outcome, number>> = {
  "nothing-risky": 0,
  "needs-a-human": 2,
  failed: 1,
};

/** The first line of a report. */
export interface Verdict {
  /** What to do with the change. */
  readonly outcome: Outcome;
  /** The line itself: the outcome, every kind of risk with its number, and what changes. */
  readonly line: string;
}

/** Sums a review up. */
export function verdictOf(
  changes: readonly Change[],
  risks: readonly Risk[],
  policy: readonly PolicyFinding[],
  restarts: readonly Restart[],
): Verdict {
  const failing = policy.filter(
    ({ state, finding }) => state !== "fixed" && finding.enforcement === "mandatory",
  );
  const grave = risks.filter(({ level }) => level !== "low");
  const outcome: Outcome =
    failing.length > 0 ? "failed" : grave.length > 0 ? "needs-a-human" : "nothing-risky";
  const kinds = (Object.keys(riskKinds) as RiskKind[]).flatMap((kind) =>
    kindWords(
      kind,
      grave.filter((risk) => risk.kind === kind),
    ),
  );
  const why = kinds.length === 0 ? "" : ` ${kinds.join(", ")}.`;
  return {
    outcome,
    line: `${opening(outcome, failing, kinds.length > 0)}${why} ${summary(changes, restarts)}`,
  };
}

function opening(outcome: Outcome, failing: readonly PolicyFinding[], more: boolean): string {
  switch (outcome) {
    case "failed": {
      const rules = [...new Set(failing.map(({ finding }) => finding.rule))];
      const named = rules.slice(0, 3).join(", ") + (rules.length > 3 ? ", …" : "");
      return `Policy failed: ${failing.length} mandatory ${failing.length === 1 ? "finding" : "findings"} (${named}).${more ? " Also for a human:" : ""}`;
    }
    case "needs-a-human":
      return "Needs a human:";
    case "nothing-risky":
      return "Nothing risky.";
  }
}

/** A kind with its number; what may be lost is named. */
function kindWords(kind: RiskKind, risks: readonly Risk[]): readonly string[] {
  if (risks.length === 0) {
    return [];
  }
  const label = riskKinds[kind];
  if (kind !== "data" && kind !== "immutable") {
    return [`${label} (${risks.length})`];
  }
  const objects = [...new Set(risks.map(({ object }) => object))];
  const more = objects.length > 2 ? ` and ${objects.length - 2} more` : "";
  return [`${label} (${objects.slice(0, 2).join(", ")}${more})`];
}

function summary(changes: readonly Change[], restarts: readonly Restart[]): string {
  if (changes.length === 0) {
    return "No changes.";
  }
  const quiet = changes.filter(isQuiet).length;
  const aside = quiet === 0 ? "" : ` (${quiet} only in labels or checksums)`;
  const counts = countWords(count(changes.map(({ action }) => action)));
  const rolling =
    restarts.length === 0
      ? "nothing restarts"
      : `${restarts.length} ${restarts.length === 1 ? "workload restarts" : "workloads restart"}`;
  return `${changes.length} ${changes.length === 1 ? "change" : "changes"}: ${counts}${aside}; ${rolling}.`;
}
