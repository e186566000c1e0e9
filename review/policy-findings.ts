import { join } from "node:path";
import { type PolicyConfig, readConfig } from "../policy/core/config";
import { Judge } from "../policy/core/evaluate";
import { type Finding } from "../policy/core/finding";
import { type ObjectView } from "../policy/core/object";
import { configFileContent, stackConfigFile } from "../policy/pack/config-file";
import { readExemptionFiles } from "../policy/pack/exemption-files";
import { RULES } from "../policy/rules";
import { type Comparison } from "./model/comparison";
import { secretMask } from "./model/mask";
import { type StackObject } from "./model/snapshot";

/** A policy finding with what becomes of it. */
export interface PolicyFinding {
  /** `new` came with the change, `fixed` goes with it, `existing` stays. */
  readonly state: "new" | "fixed" | "existing";
  /** What the rule found; in the head, or in the base when it is fixed. */
  readonly finding: Finding;
}

/** The configuration that the policy pack runs with on a stack: the stack's own, and the reviewed exemptions. */
export function reviewedConfig(stack: string): PolicyConfig {
  const reviewed = readExemptionFiles(join(__dirname, "..", "policy", "exemptions"));
  const file = stackConfigFile(stack);
  const config = readConfig(
    file === undefined ? {} : configFileContent(file),
    new Set(RULES.map(({ id }) => id)),
  );
  return { ...config, exemptions: [...config.exemptions, ...reviewed] };
}

/**
 * Judges both versions of a stack and compares what was found. Objects that do not change are judged once.
 * Where the engine's policy pack has judged the head, what it found counts: it knows the stack's own
 * configuration of the pack.
 */
export function policyFindings(
  { base, head, changes }: Comparison,
  config: PolicyConfig,
  engine?: readonly Finding[],
): readonly PolicyFinding[] {
  const judge = new Judge(RULES, config);
  const changed = new Set(changes.flatMap(({ before, after }) => [before?.urn, after?.urn]));
  const judgeOne = ({ view }: StackObject): readonly Finding[] =>
    isMaskedAsAWhole(view) ? [] : judge.judgeObject(view);
  const same = head.objects.filter(({ urn }) => !changed.has(urn));
  const shared = same.flatMap(judgeOne);
  const judgeAll = ({ objects, index }: Comparison["base"]): readonly Finding[] => [
    ...objects.filter(({ urn }) => changed.has(urn)).flatMap(judgeOne),
    ...judge.judgeStack(index.objects),
  ];
  const before = judgeAll(base);
  const compared = compareFindings(before, judgeAll(head));
  if (engine !== undefined) {
    const known = new Set([...before, ...shared].map(keyOf));
    return [
      ...engine.map((finding): PolicyFinding => stateOf(finding, known)),
      ...compared.filter(({ state }) => state === "fixed"),
    ];
  }
  return [...compared, ...shared.map((finding): PolicyFinding => ({ state: "existing", finding }))];
}

/** An engine that knows all of a Secret's data to be secret tells not even its keys. */
function isMaskedAsAWhole({ raw }: ObjectView): boolean {
  return raw["data"] === secretMask || raw["stringData"] === secretMask;
}

function stateOf(finding: Finding, known: ReadonlySet<string>): PolicyFinding {
  return { state: known.has(keyOf(finding)) ? "existing" : "new", finding };
}

function compareFindings(
  before: readonly Finding[],
  after: readonly Finding[],
): readonly PolicyFinding[] {
  const known = new Set(before.map(keyOf));
  const stays = new Set(after.map(keyOf));
  return [
    ...after.map((finding): PolicyFinding => stateOf(finding, known)),
    ...before
      .filter((finding) => !stays.has(keyOf(finding)))
      .map((finding): PolicyFinding => ({ state: "fixed", finding })),
  ];
}

/** What makes two findings the same one: the rule and the place, with list positions left out. */
function keyOf({ rule, kind, namespace, name, container, path }: Finding): string {
  return [rule, kind, namespace, name, container, path.replace(/\[\d+\]/g, "[]")].join("\0");
}
