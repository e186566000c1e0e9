import { expect } from "chai";
import type { Recorded } from "../support/mocks";
import { metadataOf, objectsOf, programOf } from "./program";

describe("stacks of applications beside a platform stack", () => {
  let platform: Recorded;
  let storefront: Recorded;
  let handedOut: object;

  before(async () => {
    ({ recorded: platform, outputs: handedOut } = await programOf("sandbox-platform"));
    ({ recorded: storefront } = await programOf("sandbox-storefront"));
  });

  it("find their namespaces made, closed and with their quota", () => {
    const namespaces = platform.all("kubernetes:core/v1:Namespace").map(metadataOf);
    expect(namespaces.map(({ name }) => name)).to.include.members(["storefront", "fulfilment"]);
    const denied = platform.all("NetworkPolicy").map(metadataOf);
    expect(denied).to.deep.include.members([
      { ...denied.find(({ namespace }) => namespace === "storefront"), name: "default-deny" },
    ]);
    expect(
      platform.all("ResourceQuota").map((quota) => metadataOf(quota).namespace),
    ).to.have.members(["storefront", "fulfilment"]);
  });

  it("make nothing outside their own namespaces", () => {
    const made = objectsOf(storefront).filter(
      (object) => metadataOf(object).name !== "kube-system",
    );
    expect(made).to.not.have.length(0);
    expect([...new Set(made.map((object) => metadataOf(object).namespace))]).to.deep.equal([
      "storefront",
    ]);
    expect(storefront.all("kubernetes:helm.sh/v4:Chart")).to.deep.equal([]);
  });

  it("deploy the same objects as a stack with all rooms, apart from the namespace", async () => {
    const inNamespace = (recorded: Recorded): readonly string[] =>
      objectsOf(recorded)
        .filter((object) => metadataOf(object).namespace === "storefront")
        .map((object) => `${object.type} ${String(metadataOf(object).name)}`)
        .sort();
    const { recorded: whole } = await programOf("sandbox");
    const both = [...inNamespace(platform), ...inNamespace(storefront)].sort();
    expect(both).to.deep.equal(inNamespace(whole));
  });

  it("hand out no secret", () => {
    expect(JSON.stringify(handedOut)).not.to.match(/aRandomValueForTests/);
  });
});
