import { expect } from "chai";
import { withTransitionTimes } from "../../../sandbox/player/conditions";

describe("conditions", () => {
  const before = {
    type: "Ready",
    status: "False" as const,
    reason: "Waiting",
    message: "",
    lastTransitionTime: "2025-01-01T00:00:00Z",
  };
  const now = "2026-01-01T00:00:00Z";

  it("keep their time while their status stays", () => {
    const next = { type: "Ready", status: "False" as const, reason: "Other", message: "" };
    expect(withTransitionTimes([next], [before], now)[0]?.lastTransitionTime).to.equal(
      before.lastTransitionTime,
    );
  });

  it("take the present time when their status changes, or is new", () => {
    const next = { type: "Ready", status: "True" as const, reason: "Done", message: "" };
    expect(withTransitionTimes([next], [before], now)[0]?.lastTransitionTime).to.equal(now);
    expect(withTransitionTimes([next], undefined, now)[0]?.lastTransitionTime).to.equal(now);
  });
});
