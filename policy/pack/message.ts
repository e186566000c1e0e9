import { type Finding } from "../core/finding";
import { objectName } from "../core/exemptions";
import { type Rule } from "../core/rule";
import { RULES } from "../rules";

const BY_ID: ReadonlyMap<string, Rule> = new Map(RULES.map((rule) => [rule.id, rule]));

/** The message of a finding: one line that says it all, then the reason and the way out. */
export function messageOf(finding: Finding): string {
  const rule = BY_ID.get(finding.rule);
  const object = objectName(finding);
  const lines = [object === "" ? finding.message : `${object}: ${finding.message}`];
  if (rule !== undefined) {
    lines.push(`  why: ${rule.why}`);
  }
  lines.push(`  fix: ${finding.fix}`);
  return lines.join("\n");
}

/** The sentence a rule asserts; empty for findings that no rule made. */
export function assertionOf(id: string): string {
  return BY_ID.get(id)?.assertion ?? "";
}
