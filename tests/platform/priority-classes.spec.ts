import { expect } from "chai";
import {
  ClusterPriorityClasses,
  priorityClasses,
} from "../../components/platform/priority-classes";
import { deploy, urnsOf } from "../support/mocks";

describe("ClusterPriorityClasses", () => {
  it("makes a class of 1000, of 500 and of 100, none of which is the default", async () => {
    const recorded = await deploy(() => new ClusterPriorityClasses("priorities"));
    const classes = recorded.all("PriorityClass").map(({ inputs }) => inputs);
    expect(
      classes.map(({ metadata, value, globalDefault }) => [metadata, value, globalDefault]),
    ).to.deep.equal([
      [{ name: "slipway-critical" }, 1000, false],
      [{ name: "slipway-standard" }, 500, false],
      [{ name: "slipway-batch" }, 100, false],
    ]);
  });

  it("hands out each class's name, and the classes to depend on", async () => {
    let handed: ClusterPriorityClasses | undefined;
    const recorded = await deploy(() => {
      handed = new ClusterPriorityClasses("priorities");
    });
    expect(handed?.names).to.deep.equal({
      critical: priorityClasses.critical.name,
      standard: priorityClasses.standard.name,
      batch: priorityClasses.batch.name,
    });
    expect(await urnsOf(handed?.ready ?? [])).to.deep.equal(
      recorded.all("PriorityClass").map(({ urn }) => urn),
    );
  });
});
