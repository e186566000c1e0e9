import { resolve } from "node:path";
import { expect } from "chai";
import { chooseCluster } from "../../../sandbox/cluster/choice";
import { Failure } from "../../../sandbox/terminal/failure";

describe("the choice of a cluster", () => {
  it("is the embedded one by default", () => {
    expect(chooseCluster({}, undefined)).to.deep.equal({ kind: "embedded" });
  });

  it("stays what the sandbox has when nothing is asked for", () => {
    expect(chooseCluster({}, { kind: "kind" })).to.deep.equal({ kind: "kind" });
  });

  it("takes a kubeconfig by its absolute path, so that it can be asked for from anywhere", () => {
    expect(chooseCluster({ kubeconfig: "some/file" }, undefined)).to.deep.equal({
      kind: "kubeconfig",
      file: resolve("some/file"),
    });
  });

  it("refuses another cluster than the sandbox has, naming both and the way out", () => {
    const choose = () => chooseCluster({ cluster: "kind" }, { kind: "embedded" });
    expect(choose)
      .to.throw(Failure, "uses the embedded cluster, not a kind cluster")
      .with.property("fix")
      .that.includes("reset");
  });

  it("refuses two clusters at once", () => {
    const choose = () => chooseCluster({ cluster: "kind", kubeconfig: "file" }, undefined);
    expect(choose).to.throw(Failure, "exclude each other");
  });

  it("refuses a cluster it does not know", () => {
    const choose = () => chooseCluster({ cluster: "minikube" }, undefined);
    expect(choose).to.throw(Failure, 'no cluster "minikube"');
  });
});
