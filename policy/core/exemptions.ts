import { fields, isMap, list, text } from "./fields";
import { type Finding } from "./finding";

/** A reviewed decision that a rule does not count for an object. */
export interface Exemption {
  /** Rule ids it covers. */
  readonly rules: readonly string[];
  /** Object as `Kind/namespace/name`, or `Kind/name` for one without a namespace; `*` stands for any text in one part. */
  readonly object: string;
  /**
   * Container it covers.
   * @default - every container of the object
   */
  readonly container?: string;
  /** Why the object may break the rule. */
  readonly reason: string;
  /**
   * Last day it counts, `YYYY-MM-DD`; from the day after, it fails the run.
   * @default - it does not expire
   */
  readonly expires?: string;
  /**
   * Name of the reviewed file that it stands in.
   * @default - it is the configuration's own
   */
  readonly file?: string;
}

/** An exemption and what it covered in one run. */
export interface UsedExemption {
  readonly exemption: Exemption;
  readonly expired: boolean;
  /** Findings it covered. */
  readonly covered: number;
}

interface Entry {
  readonly exemption: Exemption;
  readonly pattern: RegExp;
  readonly expired: boolean;
  covered: number;
}

/** Decides for each finding whether an exemption covers it, and remembers which ones were used. */
export class Exemptions {
  private readonly entries: Entry[];
  /** Those that have not expired, by rule. */
  private readonly byRule = new Map<string, Entry[]>();

  constructor(exemptions: readonly Exemption[], today: string) {
    this.entries = exemptions.map((exemption) => ({
      exemption,
      pattern: globPattern(exemption.object),
      expired: exemption.expires !== undefined && exemption.expires < today,
      covered: 0,
    }));
    for (const entry of this.entries.filter(({ expired }) => !expired)) {
      for (const rule of new Set(entry.exemption.rules)) {
        this.byRule.set(rule, [...(this.byRule.get(rule) ?? []), entry]);
      }
    }
  }

  /** True when an exemption that has not expired covers the finding. */
  covers(finding: Finding): boolean {
    for (const entry of this.byRule.get(finding.rule) ?? []) {
      const { exemption, pattern } = entry;
      if (
        (exemption.container === undefined || exemption.container === finding.container) &&
        pattern.test(objectName(finding))
      ) {
        entry.covered += 1;
        return true;
      }
    }
    return false;
  }

  get all(): readonly UsedExemption[] {
    return this.entries.map(({ exemption, expired, covered }) => ({ exemption, expired, covered }));
  }
}

/** The form in which exemptions name an object. */
export function objectName(of: Pick<Finding, "kind" | "namespace" | "name">): string {
  return [of.kind, of.namespace, of.name].filter((part) => part !== "").join("/");
}

function globPattern(glob: string): RegExp {
  const escaped = glob.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${escaped.join("[^/]*")}$`);
}

/** Reads exemptions from configuration; each problem is reported with its place. */
export function readExemptions(
  value: unknown,
  where: string,
  problem: (message: string) => void,
): Exemption[] {
  const exemptions: Exemption[] = [];
  if (value !== undefined && value !== null && !Array.isArray(value)) {
    problem(`${where} must be a list of {rules, object, reason}`);
  }
  list(value).forEach((item, index) => {
    const at = `${where}[${index}]`;
    const entry = fields(item);
    const rules = [entry["rules"] ?? entry["rule"]]
      .flat()
      .filter((rule): rule is string => typeof rule === "string");
    const object = text(entry["object"]);
    const reason = text(entry["reason"]);
    const expires =
      entry["expires"] instanceof Date
        ? entry["expires"].toISOString().slice(0, 10)
        : text(entry["expires"]);
    if (
      !isMap(item) ||
      rules.length === 0 ||
      object === undefined ||
      (reason ?? "").trim() === ""
    ) {
      problem(`${at} needs "rules" (rule ids), "object" (Kind/namespace/name) and "reason"`);
      return;
    }
    if (expires !== undefined && Number.isNaN(Date.parse(expires))) {
      problem(`${at}.expires is "${expires}"; it must be a date such as 2027-06-30`);
      return;
    }
    const container = text(entry["container"]);
    exemptions.push({
      rules,
      object,
      reason: reason ?? "",
      ...(container === undefined ? {} : { container }),
      ...(expires === undefined ? {} : { expires }),
    });
  });
  return exemptions;
}
