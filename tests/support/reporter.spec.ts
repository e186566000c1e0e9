import { expect } from "chai";
import { countLine } from "./reporter";

describe("the test report's closing line", () => {
  it("counts what passed and what failed", () => {
    expect(countLine({ passes: 3, failures: 1, pending: 0 })).to.equal("3 passed, 1 failed");
  });

  it("names skipped tests only when there are any", () => {
    expect(countLine({ passes: 3, failures: 0, pending: 2 })).to.equal(
      "3 passed, 0 failed, 2 skipped",
    );
  });
});
