import { expect } from "chai";
import { untilSettled } from "../../../../../sandbox/plugins/kubernetes/await/settle";

describe("endpoints", () => {
  it("have nothing to settle before they are seen", () => {
    expect(untilSettled([])).to.equal(undefined);
  });

  it("settle ten seconds after a change", () => {
    expect(untilSettled([9_999])).to.equal(1);
    expect(untilSettled([10_000])).to.equal(0);
  });

  it("settle by the timer of the first change, whatever has changed since", () => {
    expect(untilSettled([9_000, 5_000, 10])).to.equal(1_000);
    expect(untilSettled([10_000, 5_000, 10])).to.equal(0);
  });

  it("settle anew when they change after a timer, by the next one that ends", () => {
    expect(untilSettled([15_000, 8_000, 1_000])).to.equal(2_000);
    expect(untilSettled([15_000, 10_000, 1_000])).to.equal(0);
  });
});
