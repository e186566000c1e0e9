import { expect } from "chai";
import fc from "fast-check";
import { disruptionBudget, disruptionBudgetAnnotations } from "../../components/kit/disruption";
import { deployStack } from "../support/stacks";

/** How many of `pods` healthy pods a budget lets go at once, as the API server computes it. */
function allowed(budget: NonNullable<ReturnType<typeof disruptionBudget>>, pods: number): number {
  return "minAvailable" in budget ? pods - budget.minAvailable : budget.maxUnavailable;
}

describe("the disruption budget", () => {
  it("is absent at a floor of one, where it could only block a drain", () => {
    expect(disruptionBudget(1)).to.equal(undefined);
  });

  it("names the pod that stays at a floor of two", () => {
    expect(disruptionBudget(2)).to.deep.equal({ minAvailable: 1 });
  });

  it("names the pod that may go from three on", () => {
    expect(disruptionBudget(3)).to.deep.equal({ maxUnavailable: 1 });
  });

  it("always lets one pod go and one stay, at every floor from two", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 1000 }),
        fc.integer({ min: 0, max: 1000 }),
        (floor, more) => {
          const budget = disruptionBudget(floor);
          expect(budget).to.not.equal(undefined);
          if (budget !== undefined) {
            const pods = floor + more;
            expect(allowed(budget, pods)).to.be.within(1, pods - 1);
          }
        },
      ),
    );
  });

  it("is under one field manager wherever a stack declares it, so that another form can take its place", async () => {
    const { recorded } = await deployStack("production", { preview: true });
    const annotations = recorded
      .all("kubernetes:policy/v1:PodDisruptionBudget")
      .map(({ inputs }) => (inputs.metadata as { readonly annotations?: object }).annotations);
    expect(annotations).to.not.have.lengthOf(0);
    for (const each of annotations) {
      expect(each).to.include(disruptionBudgetAnnotations);
    }
  });
});
