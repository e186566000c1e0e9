/** How bad a finding is, the worst first. */
export const severities = ["critical", "high", "medium", "low"] as const;

/**
 * How bad a finding is. `critical`: somebody is not served, or nothing can be said of the stack; `high`: the next
 * update, restart or renewal fails; `medium`: a drain or a peak will be trouble; `low`: it should be tidied up.
 */
export type Severity = (typeof severities)[number];

/** Something that is not as it should be. */
export interface Finding {
  /** The check that found it. */
  readonly check: string;
  /** How bad it is. */
  readonly severity: Severity;
  /** The object, as `Kind namespace/name`, or what else it is about. */
  readonly where: string;
  /** What is wrong. */
  readonly what: string;
  /** Why it matters. */
  readonly why: string;
  /** A command, or a line to change. */
  readonly fix: string;
}

/** A check that could not be made, or only in part. */
export interface NotLooked {
  /** The check. */
  readonly check: string;
  /** Why not. */
  readonly reason: string;
}

/** Findings, the worst first; those of one severity stay in the order of the checks. */
export function bySeverity(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort(
    (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity),
  );
}
