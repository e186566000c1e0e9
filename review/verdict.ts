import { type Change } from "./model/change";
import { type OtherResource } from "./model/engine";
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
  /** The line itself: the outcome, every kind of risk with its objects, and what changes. */
  readonly line: string;
}

/** What a verdict is made of. */
export interface Grounds {
  /** Every object that changes. */
  readonly changes: readonly Change[];
  /** Every risk. */
  readonly risks: readonly Risk[];
  /** Policy findings of both versions. */
  readonly policy: readonly PolicyFinding[];
  /** Workloads that roll. */
  readonly restarts: readonly Restart[];
  /** Why the preview failed; none when it did not. */
  readonly problems: readonly string[];
  /** Resources that change and are no Kubernetes objects. */
  readonly resources: readonly OtherResource[];
}

/** Sums a review up. */
export function verdictOf(grounds: Grounds): Verdict {
  const { risks, policy, problems } = grounds;
  const failing = policy.filter(
    ({ state, finding }) => state !== "fixed" && finding.enforcement === "mandatory",
  );
  const grave = risks.filter(({ level }) => level !== "low");
  const outcome: Outcome =
    failing.length + problems.length > 0
      ? "failed"
      : grave.length > 0
        ? "needs-a-human"
        : "nothing-risky";
  const kinds = (Object.keys(riskKinds) as RiskKind[]).flatMap((kind) =>
    kindWords(
      kind,
      grave.filter((risk) => risk.kind === kind),
    ),
  );
  const why = kinds.length === 0 ? "" : ` ${kinds.join(", ")}.`;
  return {
    outcome,
    line: `${opening(outcome, failing, problems, kinds.length > 0)}${why} ${summary(grounds)}`,
  };
}

function opening(
  outcome: Outcome,
  failing: readonly PolicyFinding[],
  problems: readonly string[],
  more: boolean,
): string {
  switch (outcome) {
    case "failed": {
      const also = more ? " Also for a human:" : "";
      const [problem] = problems;
      const rules = [...new Set(failing.map(({ finding }) => finding.rule))];
      const named = rules.slice(0, 3).join(", ") + (rules.length > 3 ? ", …" : "");
      const policy = `Policy failed: ${failing.length} mandatory ${failing.length === 1 ? "finding" : "findings"} (${named}).`;
      return (
        [
          ...(problem === undefined ? [] : [`Preview failed: ${firstSentence(problem)}`]),
          ...(failing.length === 0 ? [] : [policy]),
        ].join(" ") + also
      );
    }
    case "needs-a-human":
      return "Needs a human:";
    case "nothing-risky":
      return "Nothing risky.";
  }
}

/** The first line of an error, short enough for a verdict. */
function firstSentence(problem: string, longest = 160): string {
  const line = problem.split("\n")[0]?.trim().replace(/[:.]$/, "") ?? "";
  return `${line.length > longest ? `${line.slice(0, longest - 1)}…` : line}.`;
}

/** A kind with the objects it is about: two where something may be lost, else the gravest. */
function kindWords(kind: RiskKind, risks: readonly Risk[]): readonly string[] {
  if (risks.length === 0) {
    return [];
  }
  const objects = [...new Set(risks.map(({ object }) => object))];
  const most = kind === "data" || kind === "immutable" || objects.length === 2 ? 2 : 1;
  const more = objects.length > most ? ` and ${objects.length - most} more` : "";
  return [`${riskKinds[kind]} (${objects.slice(0, most).join(", ")}${more})`];
}

function summary({ changes, restarts, resources }: Grounds): string {
  if (changes.length === 0) {
    return resources.length === 0
      ? "No changes."
      : `No Kubernetes object changes${beside(resources)}.`;
  }
  const quiet = changes.filter(isQuiet).length;
  const aside = quiet === 0 ? "" : ` (${quiet} only in labels or checksums)`;
  const counts = countWords(count(changes.map(({ action }) => action)));
  const rolling =
    restarts.length === 0
      ? "nothing restarts"
      : `${restarts.length} ${restarts.length === 1 ? "workload restarts" : "workloads restart"}`;
  return `${changes.length} ${changes.length === 1 ? "change" : "changes"}: ${counts}${aside}; ${rolling}${beside(resources)}.`;
}

function beside(resources: readonly OtherResource[]): string {
  const { length } = resources;
  return length === 0
    ? ""
    : `; ${length} other ${length === 1 ? "resource changes" : "resources change"}`;
}
