import { expect } from "chai";
import fc from "fast-check";
import { isQuantity, parseQuantity } from "../../components/kit/quantity";

describe("a quantity", () => {
  it("counts in its base unit", () => {
    expect(parseQuantity("500m")).to.equal(0.5);
    expect(parseQuantity("1.5Gi")).to.equal(1.5 * 2 ** 30);
    expect(parseQuantity("2k")).to.equal(2000);
    expect(parseQuantity("1e3")).to.equal(1000);
  });

  it("is refused with its text when it does not parse", () => {
    expect(() => parseQuantity("5 GB")).to.throw('"5 GB" is not a quantity');
  });

  it("grows with its number, whatever the suffix", () => {
    fc.assert(
      fc.property(
        fc.nat(10_000),
        fc.constantFrom("m", "", "k", "Ki", "Mi", "Gi"),
        (amount, suffix) =>
          parseQuantity(`${String(amount + 1)}${suffix}`) >
          parseQuantity(`${String(amount)}${suffix}`),
      ),
    );
  });

  it("does not take a unit that Kubernetes does not know", () => {
    expect(["1GB", "1gi", "", "-1", "1 Gi"].filter(isQuantity)).to.deep.equal([]);
  });
});
