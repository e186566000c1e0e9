import { expect } from "chai";
import fc from "fast-check";
import {
  randomText,
  ruleProblems,
  type CharacterRules,
} from "../../../../sandbox/plugins/random/characters";

const rules: CharacterRules = {
  length: 20,
  lower: true,
  upper: true,
  numeric: true,
  special: true,
  minLower: 0,
  minUpper: 0,
  minNumeric: 0,
  minSpecial: 0,
  overrideSpecial: "",
};
const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;

describe("a random text", () => {
  it("has the length and at least the demanded characters", () => {
    const least = fc.integer({ min: 0, max: 5 });
    fc.assert(
      fc.property(least, least, least, least, (minLower, minUpper, minNumeric, minSpecial) => {
        const text = randomText({ ...rules, minLower, minUpper, minNumeric, minSpecial });
        expect(text).to.have.length(20);
        expect(count(text, /[a-z]/g)).to.be.at.least(minLower);
        expect(count(text, /[A-Z]/g)).to.be.at.least(minUpper);
        expect(count(text, /\d/g)).to.be.at.least(minNumeric);
        expect(count(text, /[^A-Za-z0-9]/g)).to.be.at.least(minSpecial);
      }),
    );
  });

  it("has only characters that are allowed", () => {
    const text = randomText({ ...rules, length: 200, upper: false, special: false });
    expect(text).to.match(/^[a-z0-9]{200}$/);
  });

  it("takes its special characters from the given ones", () => {
    const text = randomText({
      ...rules,
      lower: false,
      upper: false,
      numeric: false,
      overrideSpecial: "-_",
    });
    expect(text).to.match(/^[-_]{20}$/);
  });

  it("differs from draw to draw", () => {
    expect(randomText(rules)).to.not.equal(randomText(rules));
  });
});

describe("the rules of a random text", () => {
  it("are fine as they come", () => {
    expect(ruleProblems(rules)).to.deep.equal([]);
  });

  it("need a length of at least one", () => {
    expect(ruleProblems({ ...rules, length: 0 })[0]?.reason).to.include("length is 0");
  });

  it("need room for what they demand", () => {
    const [problem] = ruleProblems({ ...rules, length: 3, minLower: 2, minNumeric: 2 });
    expect(problem).to.deep.include({ property: "length" });
    expect(problem?.reason).to.include("at least 4");
  });

  it("need some characters to choose from", () => {
    const none = { ...rules, lower: false, upper: false, numeric: false, special: false };
    expect(ruleProblems(none)[0]?.reason).to.include("all false");
  });
});
