import { expect } from "chai";
import { DEFAULT_CONFIG } from "../../policy/core/config";
import { markdownOf } from "../../review/page/markdown";
import { deployment, object } from "./stack";
import { review } from "./risks/verdict";

const privileged = { securityContext: { privileged: true } };
const good = object(deployment());
const bad = object(deployment({ container: privileged }));

function states(before: typeof good, after: typeof good, rule: string): readonly string[] {
  return review([before], [after], DEFAULT_CONFIG)
    .policy.filter(({ finding }) => finding.rule === rule)
    .map(({ state }) => state);
}

describe("policy findings of a change", () => {
  it("are new, fixed or existing", () => {
    expect(states(good, bad, "privileged-container")).to.deep.equal(["new"]);
    expect(states(bad, good, "privileged-container")).to.deep.equal(["fixed"]);
    expect(states(bad, bad, "privileged-container")).to.deep.equal(["existing"]);
  });

  it("are the same ones when another container comes before theirs", () => {
    const container = { name: "api", image: "a:1.0.0", ...privileged };
    const running = (...containers: readonly unknown[]) =>
      object(deployment({ pod: { containers } }));
    const found = states(
      running(container),
      running({ name: "first", image: "b:1.0.0" }, container),
      "privileged-container",
    );
    expect(found).to.deep.equal(["existing"]);
  });

  it("fail the review when they are mandatory, and the verdict names the rule", () => {
    const { verdict } = review([good], [bad], DEFAULT_CONFIG);
    expect(verdict.outcome).to.equal("failed");
    expect(verdict.line).to.match(
      /^Policy failed: \d+ mandatory findings \(.*privileged-container/,
    );
  });

  it("that say the same of one object share a row, and those of deleted objects are counted", () => {
    const unlimited = object(deployment({ container: { resources: {} } }));
    const gone = object(deployment({ name: "gone", container: privileged }));
    const page = markdownOf(review([good, gone], [unlimited], DEFAULT_CONFIG));
    expect(page).to.contain("| memory-limit, resources-complete");
    expect(page).to.match(/\d+ go with deleted objects\./);
    expect(page).not.to.contain("| fixed, mandatory");
  });

  it("of an advisory rule with a high severity are for a person", () => {
    const config = {
      ...DEFAULT_CONFIG,
      profile: "production" as const,
      rules: { "privileged-container": "advisory" as const },
    };
    const report = review([good], [bad], config);
    const [risk] = report.risks.filter(({ summary }) => summary.startsWith("privileged-container"));
    expect(risk).to.include({ kind: "policy", level: "medium" });
    expect(report.verdict.line).to.contain("policy (Deployment shop/orders)");
  });
});
