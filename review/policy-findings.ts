import { join } from "node:path";
import { DEFAULT_CONFIG, type PolicyConfig } from "../policy/core/config";
import { Judge } from "../policy/core/evaluate";
import { type Finding } from "../policy/core/finding";
import { readExemptionFiles } from "../policy/pack/exemption-files";
import { RULES } from "../policy/rules";
import { type Comparison } from "./model/comparison";

/** A policy finding with what becomes of it. */
export interface PolicyFinding {
  /** `new` came with the change, `fixed` goes with it, `existing` stays. */
  readonly state: "new" | "fixed" | "existing";
  /** What the rule found; in the head, or in the base when it is fixed. */
  readonly finding: Finding;
}

/** The configuration that the policy pack runs with: its defaults and the reviewed exemptions. */
export function reviewedConfig(
  folder = join(__dirname, "..", "policy", "exemptions"),
): PolicyConfig {
  return { ...DEFAULT_CONFIG, exemptions: readExemptionFiles(folder) };
}

/** Judges both versions of a stack and compares what was found. Objects that do not change are judged once. */
export function policyFindings(
  { base, head, changes }: Comparison,
  config: PolicyConfig,
): readonly PolicyFinding[] {
  const judge = new Judge(RULES, config);
  const changed = new Set(changes.flatMap(({ before, after }) => [before?.urn, after?.urn]));
  const same = head.objects.filter(({ urn }) => !changed.has(urn));
  const shared = same.flatMap(({ view }) => judge.judgeObject(view));
  const judgeAll = ({ objects, index }: Comparison["base"]): readonly Finding[] => [
    ...objects.filter(({ urn }) => changed.has(urn)).flatMap(({ view }) => judge.judgeObject(view)),
    ...judge.judgeStack(index.objects),
  ];
  return [
    ...compareFindings(judgeAll(base), judgeAll(head)),
    ...shared.map((finding): PolicyFinding => ({ state: "existing", finding })),
  ];
}

function compareFindings(
  before: readonly Finding[],
  after: readonly Finding[],
): readonly PolicyFinding[] {
  const known = new Set(before.map(keyOf));
  const stays = new Set(after.map(keyOf));
  return [
    ...after.map((finding): PolicyFinding => ({
      state: known.has(keyOf(finding)) ? "existing" : "new",
      finding,
    })),
    ...before
      .filter((finding) => !stays.has(keyOf(finding)))
      .map((finding): PolicyFinding => ({ state: "fixed", finding })),
  ];
}

/** What makes two findings the same one: the rule and the place, with list positions left out. */
function keyOf({ rule, kind, namespace, name, container, path }: Finding): string {
  return [rule, kind, namespace, name, container, path.replace(/\[\d+\]/g, "[]")].join("\0");
}
