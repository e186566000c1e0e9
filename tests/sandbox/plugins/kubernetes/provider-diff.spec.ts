import { expect } from "chai";
import { diffProvider } from "../../../../sandbox/plugins/kubernetes/provider-diff";
import { Unknown } from "../../../../sandbox/plugins/rpc/values";

/** A kubeconfig whose one cluster has an address and whose one user has a token. */
function kubeconfig(server: string, token = "a"): string {
  return JSON.stringify({
    "current-context": "c",
    contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
    clusters: [{ name: "k", cluster: { server } }],
    users: [{ name: "u", user: { token } }],
  });
}

describe("a change of the provider", () => {
  it("is none when nothing changes", () => {
    const same = { kubeconfig: kubeconfig("https://a") };
    expect(diffProvider(same, { ...same })).to.deep.equal({ changes: [], replaces: [] });
  });

  it("replaces everything when the cluster's address changes", () => {
    const { replaces } = diffProvider(
      { kubeconfig: kubeconfig("https://a") },
      { kubeconfig: kubeconfig("https://b") },
    );
    expect(replaces).to.deep.equal(["kubeconfig"]);
  });

  it("updates in place when only the credentials change", () => {
    const diff = diffProvider(
      { kubeconfig: kubeconfig("https://a") },
      { kubeconfig: kubeconfig("https://a", "b") },
    );
    expect(diff).to.deep.equal({ changes: ["kubeconfig"], replaces: [] });
  });

  it("goes by the identifier alone when there is one", () => {
    const old = { kubeconfig: kubeconfig("https://a"), clusterIdentifier: "1" };
    expect(
      diffProvider(old, { kubeconfig: kubeconfig("https://b"), clusterIdentifier: "1" }).replaces,
    ).to.deep.equal([]);
    expect(diffProvider(old, { ...old, clusterIdentifier: "2" }).replaces).to.deep.equal([
      "clusterIdentifier",
    ]);
  });

  it("replaces nothing when an identifier is introduced", () => {
    const old = { kubeconfig: kubeconfig("https://a") };
    expect(diffProvider(old, { ...old, clusterIdentifier: "1" })).to.deep.equal({
      changes: ["clusterIdentifier"],
      replaces: [],
    });
  });

  it("assumes another cluster while the kubeconfig is unknown", () => {
    const old = { kubeconfig: kubeconfig("https://a") };
    expect(diffProvider(old, { kubeconfig: Unknown.instance }).replaces).to.deep.equal([
      "kubeconfig",
    ]);
  });
});
