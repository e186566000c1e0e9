import { expect } from "chai";
import { isDuration, toSeconds, type Duration } from "../../components/kit/duration";

describe("a duration", () => {
  it("is counted in seconds, whatever its unit", () => {
    expect(toSeconds("90s")).to.equal(90);
    expect(toSeconds("10m")).to.equal(600);
    expect(toSeconds("12h")).to.equal(43_200);
    expect(toSeconds("7d")).to.equal(604_800);
  });

  it("needs a unit", () => {
    expect(["30", "30sec", "1h30m", "s", "1.5h"].filter(isDuration)).to.deep.equal([]);
  });

  it("is refused with its text when it does not parse", () => {
    expect(() => toSeconds("soon" as Duration)).to.throw('"soon" is not a duration');
  });
});
