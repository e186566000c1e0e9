import { type ReportViolation } from "@pulumi/policy";
import * as sdk from "@pulumi/policy/version";
import { type Finding } from "../core/finding";
import { assertionOf, messageOf } from "./message";

/** A violation under its own name, level and severity; the SDK marks this form as internal. */
interface NamedViolation {
  readonly name: string;
  readonly message: string;
  readonly description: string;
  readonly urn: string | undefined;
  readonly enforcementLevel: Finding["enforcement"];
  readonly severity: Finding["severity"];
}

/** True for the SDK versions the object form was tried with: 1.21 and what follows it in the same major. */
export function knowsNamedViolations(sdk: string): boolean {
  const [major, minor] = sdk.split(".").map(Number);
  return major === 1 && (minor ?? 0) >= 21;
}

const KNOWS_NAMED_VIOLATIONS = knowsNamedViolations(
  String((sdk as Readonly<Record<string, unknown>>)["version"]),
);

/**
 * Reports a finding under its rule's id. An SDK that does not know the object form gets the text, under the
 * policy's own name and level.
 */
export function reportFinding(
  report: ReportViolation,
  finding: Finding,
  urn?: string,
  named = KNOWS_NAMED_VIOLATIONS,
): void {
  const message = messageOf(finding);
  if (!named) {
    report(`${finding.rule} (${finding.enforcement}): ${message}`, urn);
    return;
  }
  const violation: NamedViolation = {
    name: finding.rule,
    message,
    description: assertionOf(finding.rule),
    urn,
    enforcementLevel: finding.enforcement,
    severity: finding.severity,
  };
  (report as unknown as (violation: NamedViolation) => void)(violation);
}
