import { expect } from "chai";
import { tally, tallyText } from "../../../sandbox/terminal/tally";

describe("a tally", () => {
  it("counts what there is, in the order of the kinds", () => {
    const found = ["low", "high", "low"] as const;
    const counts = tally<"high" | "medium" | "low">(found, ["high", "medium", "low"]);
    expect(counts).to.deep.equal([
      ["high", 1],
      ["low", 2],
    ]);
    expect(tallyText(counts)).to.equal("1 high, 2 low");
  });
});
