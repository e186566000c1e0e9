import { objectName } from "../core/exemptions";
import { type Finding } from "../core/finding";
import { RULES } from "../rules";
import { type CheckResult } from "./check";
import { fold, type Folded } from "./fold";

const REASONS = new Map(RULES.map(({ id, why }) => [id, why]));

/** For people: by object, the gravest first, one line each with the reason and the way out below. */
export function formatText(result: CheckResult): string {
  const groups = new Map<string, Folded[]>();
  for (const folded of fold(result.findings, RULES)) {
    const title = titleOf(folded.finding);
    const group = groups.get(title);
    if (group === undefined) {
      groups.set(title, [folded]);
    } else {
      group.push(folded);
    }
  }
  const blocks = [...groups].map(([title, findings]) =>
    [title, ...findings.sort(byGravity).map((folded) => describe(folded, result))].join("\n"),
  );
  return [...blocks, ...formatExemptions(result), summary(result)].join("\n\n") + "\n";
}

function titleOf(finding: Finding): string {
  const object = objectName(finding);
  return [finding.file, object].filter((part) => part !== "").join("  ") || "the run";
}

const SEVERITIES = ["critical", "high", "medium", "low"];

function byGravity({ finding: a }: Folded, { finding: b }: Folded): number {
  const level = (finding: Finding): number => (finding.enforcement === "mandatory" ? 0 : 1);
  return level(a) - level(b) || SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
}

function describe({ finding, implied }: Folded, result: CheckResult): string {
  const position = result.position(finding);
  const line = position === undefined ? "" : `line ${position.line}: `;
  const why = REASONS.get(finding.rule);
  return [
    `  ${finding.enforcement} ${finding.severity} ${finding.rule}: ${line}${finding.message}`,
    ...(why === undefined ? [] : [`      why: ${why}`]),
    `      fix: ${finding.fix}`,
    ...(implied.length === 0 ? [] : [`      and with it: ${implied.join(", ")}`]),
  ].join("\n");
}

/** Every exemption of the run, and whether it is of use; nothing when there are none. */
export function formatExemptions({ exemptions }: CheckResult): string[] {
  if (exemptions.length === 0) {
    return [];
  }
  const lines = exemptions.map(({ exemption, expired, covered }) => {
    const { rules, object, reason, expires } = exemption;
    const use = covered === 0 ? "covers nothing" : `covers ${covered}`;
    const until = expires === undefined ? "" : `, until ${expires}`;
    return `  ${object}: ${rules.join(", ")} (${expired ? `expired on ${expires}` : use + until}): ${reason}`;
  });
  return [["Exemptions:", ...lines].join("\n")];
}

function summary({ findings, objects }: CheckResult): string {
  const count = (level: Finding["enforcement"]): number =>
    findings.filter(({ enforcement }) => enforcement === level).length;
  return `${objects} objects: ${count("mandatory")} mandatory and ${count("advisory")} advisory findings.`;
}
