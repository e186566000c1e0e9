import { tally, tallyText } from "../../sandbox/terminal/tally";
import type { Examination } from "./examine";
import { severities } from "./finding";

/** What was found, for a person. */
export function reportText(stack: string, { findings, notLooked }: Examination): string {
  const counts = tally(
    findings.map(({ severity }) => severity),
    severities,
  );
  const head =
    findings.length === 0
      ? `Nothing is wrong with stack ${stack}${notLooked.length === 0 ? "." : " as far as could be seen."}`
      : `Stack ${stack} has ${String(findings.length)} ${findings.length === 1 ? "finding" : "findings"}: ${tallyText(counts)}.`;
  const told = findings.map(
    ({ severity, where, what, why, fix }) =>
      `${severity.toUpperCase()}: ${where}\n  ${what}\n  why: ${why}\n  fix: ${fix}`,
  );
  const missed =
    notLooked.length === 0
      ? []
      : [
          ["Not looked at:", ...notLooked.map(({ check, reason }) => `  ${check}: ${reason}`)].join(
            "\n",
          ),
        ];
  return [head, ...told, ...missed].join("\n\n");
}
