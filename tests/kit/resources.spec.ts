import { expect } from "chai";
import fc from "fast-check";
import { parseQuantity } from "../../components/kit/quantity";
import { containerResources, resourceProblems } from "../../components/kit/resources";

const typical = { cpu: "100m", memory: "128Mi" };

describe("a resource profile", () => {
  it("requests the typical use and limits to four times the CPU and twice the memory", () => {
    expect(containerResources({ typical })).to.deep.equal({
      requests: { cpu: "100m", memory: "128Mi" },
      limits: { cpu: "400m", memory: "256Mi" },
    });
  });

  it("limits to the peak where one is given, and derives what it leaves out", () => {
    const { limits } = containerResources({ typical, peak: { memory: "384Mi" } });
    const { cpu } = containerResources({ typical }).limits;
    expect(limits).to.deep.equal({ cpu, memory: "384Mi" });
  });

  it("requests its peak when it asks to be guaranteed", () => {
    const { requests, limits } = containerResources({ typical, guaranteed: true });
    expect(requests).to.deep.equal(limits);
  });

  it("multiplies decimals without rounding errors", () => {
    const profile = { typical: { cpu: "0.1", memory: "1.1Gi" } };
    expect(containerResources(profile).limits).to.deep.equal({ cpu: "0.4", memory: "2.2Gi" });
  });

  it("has no problem with what it derives itself, whatever the typical use", () => {
    const amounts = fc.record({
      cpu: fc.integer({ min: 1, max: 64_000 }).map((milli) => `${String(milli)}m`),
      memory: fc.integer({ min: 1, max: 65_536 }).map((mebi) => `${String(mebi)}Mi`),
    });
    fc.assert(
      fc.property(amounts, (use) => {
        expect(resourceProblems({ typical: use })).to.deep.equal([]);
        const { requests, limits } = containerResources({ typical: use });
        expect(parseQuantity(limits.cpu)).to.be.at.least(parseQuantity(requests.cpu));
        expect(parseQuantity(limits.memory)).to.be.at.least(parseQuantity(requests.memory));
      }),
    );
  });
});

describe("a resource profile is refused", () => {
  it("when the peak's memory is the typical memory and nobody asked for Guaranteed", () => {
    const [problem] = resourceProblems({ typical, peak: { memory: "128Mi" } });
    expect(problem?.field).to.equal("peak.memory");
    expect(problem?.message).to.contain('"128Mi"').and.to.contain('"guaranteed: true"');
  });

  it("not for that when it asks for Guaranteed", () => {
    expect(
      resourceProblems({ typical, peak: { memory: "128Mi" }, guaranteed: true }),
    ).to.deep.equal([]);
  });

  it("when the peak's memory is more than three times the typical", () => {
    const problems = resourceProblems({ typical, peak: { memory: "385Mi" } });
    expect(problems.map(({ field }) => field)).to.deep.equal(["peak.memory"]);
  });

  it("when the peak's CPU is below the typical", () => {
    const problems = resourceProblems({ typical, peak: { cpu: "50m" } });
    expect(problems.map(({ field }) => field)).to.deep.equal(["peak.cpu"]);
  });

  it("when a quantity does not parse, and only for that", () => {
    const problems = resourceProblems({ typical: { cpu: "a lot", memory: "128Mi" } });
    expect(problems).to.deep.equal([
      {
        field: "typical.cpu",
        message: 'got "a lot"; it has to be a quantity above zero, such as "250m" or "256Mi".',
      },
    ]);
  });

  it("when an amount is zero", () => {
    const problems = resourceProblems({ typical: { cpu: "0", memory: "128Mi" } });
    expect(problems.map(({ field }) => field)).to.deep.equal(["typical.cpu"]);
  });
});
