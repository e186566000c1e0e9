import { expect } from "chai";
import { programOf } from "./program";

describe("the data services of a stack that makes its own StorageClasses", () => {
  it("come after these: a claim of a class that is missing waits", async () => {
    const storageClasses = { fast: { provisioner: "ebs.csi.aws.com" } };
    const { recorded } = await programOf("sandbox", {
      change: ({ "slipway:platform": platform, ...config }) => ({
        ...config,
        "slipway:platform": { ...(platform as object), storageClasses },
      }),
    });
    expect(recorded.find("slipway:data:DataServices", "data").dependencies).to.include(
      recorded.find("StorageClass", "fast").urn,
    );
  });
});
