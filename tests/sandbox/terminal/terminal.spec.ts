import { expect } from "chai";
import { Failure, describeFailure } from "../../../sandbox/terminal/failure";
import { elapsed, silentProgress, terminalProgress } from "../../../sandbox/terminal/progress";

describe("a failure", () => {
  it("is two lines: the reason and the fix", () => {
    expect(describeFailure(new Failure("No Go.", "Install it."))).to.equal(
      "No Go.\n  → Install it.",
    );
  });

  it("is one line when there is nothing to be done", () => {
    expect(describeFailure(new Failure("No Go."))).to.equal("No Go.");
  });

  it("of a full disk is told without a stack trace", () => {
    const full = Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" });
    expect(describeFailure(full)).to.match(/^No space is left on the disk\.\n {2}→ Free/);
  });

  it("that nobody expected keeps its stack, because it is a defect of ours", () => {
    expect(describeFailure(new TypeError("defect"))).to.include("TypeError: defect\n    at");
  });
});

describe("progress", () => {
  it("tells elapsed time as a person reads it", () => {
    expect(elapsed(0, 3_240)).to.equal("3.2 s");
    expect(elapsed(0, 65_000)).to.equal("1 min 05 s");
  });

  it("hands out what a step returns, and passes its failure on", async () => {
    expect(await silentProgress.step("step", () => Promise.resolve(1))).to.equal(1);
    const failing = terminalProgress().step("step", () => Promise.reject(new Failure("no")));
    expect(await failing.catch((error: unknown) => error)).to.have.property("message", "no");
  });
});
