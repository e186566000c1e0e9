import { expect } from "chai";
import { readSettings } from "../../../../sandbox/plugins/kubernetes/settings";
import { Secret, Unknown } from "../../../../sandbox/plugins/rpc/values";

describe("the provider's settings", () => {
  it("read a secret kubeconfig and texts for booleans", () => {
    const settings = readSettings({
      kubeconfig: new Secret("text"),
      context: "here",
      namespace: "shop",
      clusterIdentifier: "uid",
      enableConfigMapMutable: "true",
      upsertExistingObjects: "false",
    });
    expect(settings).to.deep.include({
      kubeconfig: "text",
      context: "here",
      namespace: "shop",
      upsert: false,
      mutable: { configMaps: true, secrets: false },
    });
  });

  it("take the ambient kubeconfig when none is given, and none while it is unknown", () => {
    expect(readSettings({}).kubeconfig).to.equal("");
    expect(readSettings({ kubeconfig: Unknown.instance }).kubeconfig).to.equal(undefined);
  });

  it("take a kubeconfig that is an object", () => {
    expect(readSettings({ kubeconfig: { clusters: [] } }).kubeconfig).to.equal('{"clusters":[]}');
  });

  it("are refused by name where the stand-in does not follow", () => {
    expect(() => readSettings({ renderYamlToDirectory: "out" })).to.throw("renderYamlToDirectory");
    expect(() => readSettings({ enableServerSideApply: "false" })).to.throw("client-side apply");
    expect(() => readSettings({ somethingNew: "x" })).to.throw('"somethingNew"');
    expect(() => readSettings({ strictMode: "false" })).to.not.throw();
  });
});
