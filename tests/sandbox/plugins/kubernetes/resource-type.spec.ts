import { expect } from "chai";
import { kindOfType } from "../../../../sandbox/plugins/kubernetes/resource-type";

describe("a resource's type", () => {
  it("names API version and kind, v1 for the core group", () => {
    expect(kindOfType("kubernetes:apps/v1:Deployment")).to.deep.equal({
      apiVersion: "apps/v1",
      kind: "Deployment",
    });
    expect(kindOfType("kubernetes:core/v1:Secret")).to.deep.equal({
      apiVersion: "v1",
      kind: "Secret",
    });
  });

  for (const type of [
    "kubernetes:core/v1:ConfigMapPatch",
    "kubernetes:core/v1:ConfigMapList",
    "kubernetes:helm.sh/v3:Release",
    "kubernetes:yaml/v2:ConfigFile",
    "kubernetes:kustomize/v2:Directory",
  ]) {
    it(`is refused by name: ${type}`, () => {
      expect(() => kindOfType(type)).to.throw(type);
    });
  }
});
