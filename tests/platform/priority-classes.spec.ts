import { expect } from "chai";
import {
  ClusterPriorityClasses,
  priorityClasses,
} from "../../components/platform/priority-classes";
import type { Retention } from "../../components/kit/retention";
import { deploy, urnsOf } from "../support/mocks";

describe("ClusterPriorityClasses", () => {
  it("makes a class of 1000, of 500 and of 100, and above them one of the platform; none is the default", async () => {
    const recorded = await deploy(
      () => new ClusterPriorityClasses("priorities", { retention: "delete" }),
    );
    const classes = recorded.all("PriorityClass").map(({ inputs }) => inputs);
    expect(
      classes.map(({ metadata, value, globalDefault }) => [metadata, value, globalDefault]),
    ).to.deep.equal([
      [{ name: "slipway-critical" }, 1000, false],
      [{ name: "slipway-standard" }, 500, false],
      [{ name: "slipway-batch" }, 100, false],
      [{ name: "slipway-platform" }, 10_000, false],
    ]);
  });

  it("hands out the class of what services rely on apart: no service can ask for it", async () => {
    let handed: ClusterPriorityClasses | undefined;
    const recorded = await deploy(() => {
      handed = new ClusterPriorityClasses("priorities", { retention: "delete" });
    });
    expect(handed?.ofPlatform.className).to.equal("slipway-platform");
    expect(await urnsOf(handed?.ofPlatform.ready ?? [])).to.deep.equal([
      recorded.find("PriorityClass", "slipway-platform").urn,
    ]);
    expect(Object.values(handed?.names ?? {})).not.to.include("slipway-platform");
  });

  it("keeps the class of what services rely on with the data whose pods are in it", async () => {
    const options = async (retention: Retention) => {
      const recorded = await deploy(() => new ClusterPriorityClasses("priorities", { retention }));
      return recorded
        .all("PriorityClass")
        .flatMap(({ inputs, protect, retainOnDelete }) =>
          protect || retainOnDelete ? [[inputs.metadata, protect, retainOnDelete]] : [],
        );
    };
    expect(await options("keep")).to.deep.equal([[{ name: "slipway-platform" }, true, true]]);
    expect(await options("delete")).to.deep.equal([]);
  });

  it("hands out each class's name, and the classes to depend on", async () => {
    let handed: ClusterPriorityClasses | undefined;
    const recorded = await deploy(() => {
      handed = new ClusterPriorityClasses("priorities", { retention: "delete" });
    });
    expect(handed?.names).to.deep.equal({
      critical: priorityClasses.critical.name,
      standard: priorityClasses.standard.name,
      batch: priorityClasses.batch.name,
    });
    expect(await urnsOf(handed?.ready ?? [])).to.deep.equal(
      recorded
        .all("PriorityClass")
        .filter(({ inputs }) => Object.hasOwn(inputs, "value") && inputs.value !== 10_000)
        .map(({ urn }) => urn),
    );
  });
});
