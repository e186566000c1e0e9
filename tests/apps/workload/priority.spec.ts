import { expect } from "chai";
import { Workload } from "../../../components/apps/workload/workload";
import { workloadProblems } from "../../../components/apps/workload/workload-problems";
import { Namespace } from "../../../components/kit/namespace";
import { ClusterPriorityClasses } from "../../../components/platform/priority-classes";
import { deploy } from "../../support/mocks";
import { features } from "../../support/rooms";
import { at, deployWorkload, goodShape } from "../fixtures";

describe("the priority of a workload", () => {
  async function classOf(priorityClass: "critical" | { named: string }): Promise<unknown> {
    const recorded = await deployWorkload({ priorityClass });
    return at(recorded.find("Deployment", "orders").inputs, "spec.template.spec.priorityClassName");
  }

  it("is one of the platform's classes, or one of the cluster's own", async () => {
    expect(await classOf("critical")).to.equal("slipway-critical");
    expect(await classOf({ named: "gpu-first" })).to.equal("gpu-first");
  });

  it("is there before the first pod, which would be refused without it", async () => {
    const recorded = await deploy(() => {
      const priorityClasses = new ClusterPriorityClasses("priorities", { retention: "delete" });
      return new Workload("shop-orders", {
        ...goodShape,
        priorityClass: "batch",
        features: { ...features, priorityClasses },
        namespace: new Namespace("shop", { name: "shop", podSecurity: "restricted" }),
      });
    });
    expect(recorded.find("Deployment", "orders").dependencies).to.include(
      recorded.find("PriorityClass", "slipway-batch").urn,
    );
  });

  it("is refused when no cluster can have it", () => {
    const problemsOf = (priorityClass: unknown): readonly string[] =>
      workloadProblems({ ...goodShape, priorityClass } as never).map(
        ({ field, message }) => `${field}: ${message}`,
      );
    expect(problemsOf("standard")).to.deep.equal([]);
    expect(problemsOf({ named: "gpu-first" })).to.deep.equal([]);
    expect(problemsOf({ named: "GPU first" })[0]).to.contain(
      'priorityClass.named: got "GPU first"',
    );
  });
});
