import { expect } from "chai";
import { autoscalerSpec } from "../../../components/apps/workload/autoscaler";
import { scalingBounds, scalingProblems } from "../../../components/apps/workload/scaling";

describe("scaling", () => {
  it("has one number of pods as both bounds when it is fixed", () => {
    expect(scalingBounds({ fixed: 3 })).to.deep.equal({ floor: 3, ceiling: 3 });
  });

  it("is one pod, with a reason, where two would break something", () => {
    const scaling = { singleton: "each would have carts of its own" };
    expect(scalingBounds(scaling)).to.deep.equal({ floor: 1, ceiling: 1 });
    expect(scalingProblems(scaling)).to.deep.equal([]);
    expect(scalingProblems({ singleton: " " })).to.deep.equal([
      { field: "singleton", message: "got no reason; say what two pods at once would break." },
    ]);
  });

  it("has the autoscaler's bounds when it is automatic", () => {
    expect(scalingBounds({ hpa: { min: 2, max: 9 } })).to.deep.equal({ floor: 2, ceiling: 9 });
  });
});

describe("the autoscaler", () => {
  it("aims at 70 percent of the CPU request when nothing is said", () => {
    expect(
      autoscalerSpec({ kind: "Deployment", name: "orders" }, { min: 2, max: 9 }).metrics,
    ).to.deep.equal([
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
      },
    ]);
  });

  it("looks at memory alone when only memory is given", () => {
    expect(
      autoscalerSpec({ kind: "Deployment", name: "orders" }, { min: 2, max: 9, memory: 80 })
        .metrics,
    ).to.deep.equal([
      {
        type: "Resource",
        resource: { name: "memory", target: { type: "Utilization", averageUtilization: 80 } },
      },
    ]);
  });

  it("shrinks by a tenth a minute after five minutes of less load", () => {
    const { behavior } = autoscalerSpec({ kind: "Deployment", name: "orders" }, { min: 2, max: 9 });
    expect(behavior).to.deep.include({
      scaleDown: {
        stabilizationWindowSeconds: 300,
        selectPolicy: "Max",
        policies: [{ type: "Percent", value: 10, periodSeconds: 60 }],
      },
    });
  });

  it("scales the Deployment of the workload's name", () => {
    expect(
      autoscalerSpec({ kind: "Deployment", name: "orders" }, { min: 2, max: 9 }),
    ).to.deep.include({
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "orders" },
      minReplicas: 2,
      maxReplicas: 9,
    });
  });
});

describe("scaling is refused", () => {
  it("not with bounds and percentages in range", () => {
    expect(scalingProblems({ hpa: { min: 2, max: 9, cpu: 70, memory: 80 } })).to.deep.equal([]);
    expect(scalingProblems({ fixed: 1 })).to.deep.equal([]);
  });

  for (const pods of [0, -1, 1.5]) {
    it(`with ${String(pods)} pods`, () => {
      const [problem] = scalingProblems({ fixed: pods });
      expect(problem?.message).to.contain(`got ${String(pods)}; it has to be a whole number`);
    });
  }

  it("when the most is not above the fewest", () => {
    expect(scalingProblems({ hpa: { min: 3, max: 3 } })).to.deep.equal([
      {
        field: "hpa.max",
        message:
          'got 3; it has to be a whole number above min (3). For a constant number use "fixed".',
      },
    ]);
  });

  it("when a percentage is out of range", () => {
    const problems = scalingProblems({ hpa: { min: 2, max: 3, cpu: 0, memory: 101 } });
    expect(problems.map(({ field }) => field)).to.deep.equal(["hpa.cpu", "hpa.memory"]);
  });
});
