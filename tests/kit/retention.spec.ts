import { expect } from "chai";
import { retained, retainTypes } from "../../components/kit/retention";

describe("retention", () => {
  it("protects and keeps what holds data", () => {
    expect(retained("keep")).to.deep.equal({ protect: true, retainOnDelete: true });
  });

  it("leaves the engine's defaults where data is not kept", () => {
    expect(retained("delete")).to.deep.equal({});
  });

  it("reaches the named types of a chart's objects, beside their own options", async () => {
    const given = {
      custom: true,
      name: "db",
      props: { a: 1 },
      opts: { version: "1.0.0" },
    };
    const transform = retainTypes("keep", ["kubernetes:apps/v1:StatefulSet"]);
    const changed = await transform({ ...given, type: "kubernetes:apps/v1:StatefulSet" });
    expect(changed).to.deep.equal({
      props: { a: 1 },
      opts: { version: "1.0.0", protect: true, retainOnDelete: true },
    });
    expect(await transform({ ...given, type: "kubernetes:apps/v1:Deployment" })).to.equal(
      undefined,
    );
  });
});
