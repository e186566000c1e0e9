import { expect } from "chai";
import fc from "fast-check";
import { parseQuantity } from "../../../policy/core/quantity";

describe("parseQuantity", () => {
  it("reads every notation of the API", () => {
    const written = ["100m", "1", "1.5", "64Mi", "1Gi", "1G", "1e3", "2E2", ".5", 2];
    expect(written.map(parseQuantity)).to.deep.equal([
      0.1, 1, 1.5, 67108864, 1073741824, 1e9, 1000, 200, 0.5, 2,
    ]);
  });

  it("refuses what is no quantity", () => {
    const written = ["", "Mi", "1 Gi", "1Kib", "--1", null, undefined, {}, [], Number.NaN];
    expect(written.map(parseQuantity)).to.deep.equal(written.map(() => undefined));
  });

  it("orders quantities as their amounts, whatever their suffix", () => {
    fc.assert(
      fc.property(fc.nat(1e6), (amount) => {
        expect(parseQuantity(`${amount}Ki`)).to.equal(parseQuantity(amount * 1024));
      }),
    );
  });
});
