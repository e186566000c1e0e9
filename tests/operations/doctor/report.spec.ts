import { expect } from "chai";
import type { Finding } from "../../../operations/doctor/finding";
import { reportText } from "../../../operations/doctor/report";

describe("a doctor's report", () => {
  const finding: Finding = {
    check: "quotas",
    severity: "medium",
    where: "ResourceQuota shop/quota",
    what: "it is nearly used",
    why: "A rollout needs room.",
    fix: "raise it",
  };

  it("says that nothing is wrong", () => {
    expect(reportText("production", { findings: [], notLooked: [] })).to.equal(
      "Nothing is wrong with stack production.",
    );
  });

  it("tells what, where, why and the fix, and what was not looked at", () => {
    const notLooked = [{ check: "Helm releases", reason: "missing rights: list secrets" }];
    expect(reportText("production", { findings: [finding], notLooked })).to.equal(
      [
        "Stack production has 1 finding: 1 medium.",
        "",
        "MEDIUM: ResourceQuota shop/quota",
        "  it is nearly used",
        "  why: A rollout needs room.",
        "  fix: raise it",
        "",
        "Not looked at:",
        "  Helm releases: missing rights: list secrets",
      ].join("\n"),
    );
  });
});
