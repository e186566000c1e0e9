import { DEFAULT_CONFIG, type PolicyConfig } from "../../../policy/core/config";
import { RULES } from "../../../policy/rules";
import { type Risk } from "../../../review/model/risk";
import { type StackObject } from "../../../review/model/snapshot";
import { type Report, reviewStacks } from "../../../review/report";
import { stack } from "../stack";

/** No rule is on, so that a test sees nothing but the risks it is about. */
const silent: PolicyConfig = {
  ...DEFAULT_CONFIG,
  rules: Object.fromEntries(RULES.map(({ id }) => [id, "off"])),
};

/** Reviews a change of a stack, without policies unless they are given. */
export function review(
  before: readonly StackObject[],
  after: readonly StackObject[],
  config = silent,
): Report {
  return reviewStacks(stack(...before), stack(...after), config);
}

/** The risks of a kind, as `object: summary`. */
export function risksOf({ risks }: Report, kind: Risk["kind"]): readonly string[] {
  return risks
    .filter((risk) => risk.kind === kind)
    .map(({ object, summary }) => `${object}: ${summary}`);
}
