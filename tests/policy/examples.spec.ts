import { expect } from "chai";
import { exampleObjects } from "./example";
import { RULES } from "../../policy/rules";
import { judge } from "./support";

describe("the examples of the policy reference", () => {
  for (const rule of RULES) {
    it(`pass and fail ${rule.id} as they say`, () => {
      const findings = (which: "pass" | "fail"): string[] =>
        judge(
          exampleObjects(rule, which),
          [rule],
          rule.exampleSettings,
          rule.exampleFacts?.[which],
        ).map((finding) => finding.rule);
      expect(findings("pass")).to.deep.equal([]);
      expect(findings("fail")).to.include(rule.id);
    });
  }

  it("name no rule twice, and imply and contradict only rules that exist", () => {
    const ids = RULES.map(({ id }) => id);
    const named = RULES.flatMap(({ implies = [], contradicts = [] }) => [
      ...implies,
      ...contradicts,
    ]);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).to.deep.equal([]);
    expect(named.filter((id) => !ids.includes(id))).to.deep.equal([]);
  });
});
