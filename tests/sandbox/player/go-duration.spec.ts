import { expect } from "chai";
import { parseGoDuration } from "../../../sandbox/player/go-duration";

describe("Go's durations", () => {
  it("add up their parts", () => {
    expect(parseGoDuration("43800h0m0s")).to.equal(43_800 * 3_600_000);
    expect(parseGoDuration("1h30m")).to.equal(5_400_000);
    expect(parseGoDuration("250ms")).to.equal(250);
  });

  it("are nothing when any of the text is something else", () => {
    expect(parseGoDuration("")).to.equal(undefined);
    expect(parseGoDuration("90d")).to.equal(undefined);
    expect(parseGoDuration("1h and more")).to.equal(undefined);
  });
});
