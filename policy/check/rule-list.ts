import { type Action, type Severity } from "../core/rule";
import { RULES } from "../rules";
import { NOT_IMPLEMENTED } from "./not-implemented";

/** One row of `policy rules`. */
export interface RuleRow {
  readonly id: string;
  readonly severity: Severity;
  /** Action under the profile `production`. */
  readonly action: Action;
  /** Kinds it judges; `*` for every kind. */
  readonly kinds: readonly string[];
  readonly fix: string;
  /** Why the rule does not exist; null for one that does. */
  readonly missingReason: string | null;
}

/** Every rule, and every id that has no rule with the reason. */
export function ruleRows(): RuleRow[] {
  const rows = RULES.map(({ id, severity, action, kinds, fix }) => ({
    id,
    severity,
    action,
    kinds: kinds ?? ["*"],
    fix,
    missingReason: null,
  }));
  return [...rows, ...NOT_IMPLEMENTED.filter(({ id }) => !RULES.some((rule) => rule.id === id))];
}

/** The rows as a table for people. */
export function formatRules(rows: readonly RuleRow[]): string {
  const width = Math.max(...rows.map(({ id }) => id.length));
  return rows
    .map((row) => {
      const note =
        row.missingReason === null ? row.kinds.join(", ") : `not implemented: ${row.missingReason}`;
      return `${row.id.padEnd(width)}  ${row.severity.padEnd(8)}  ${row.action.padEnd(9)}  ${note}\n`;
    })
    .join("");
}
