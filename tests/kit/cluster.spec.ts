import { expect } from "chai";
import { connectCluster } from "../../components/kit/cluster";
import { deploy, type MockOptions } from "../support/mocks";

const named = { context: "production", identity: "0c0e6b1e-6d4b-4b0e-9f6e-2b7a1f0c9d55" };

function clusterWith(uid: string): MockOptions {
  return { state: (type) => (type.endsWith(":Namespace") ? { metadata: { uid } } : {}) };
}

describe("the cluster", () => {
  it("is reached through one provider that carries its context and identity", async () => {
    const recorded = await deploy(
      () => connectCluster("cluster", named),
      clusterWith(named.identity),
    );
    expect(recorded.find("pulumi:providers:kubernetes", "cluster").inputs).to.include({
      context: "production",
      clusterIdentifier: named.identity,
    });
  });

  it("has its ConfigMaps and Secrets changed in place", async () => {
    const recorded = await deploy(
      () => connectCluster("cluster", named),
      clusterWith(named.identity),
    );
    expect(recorded.find("pulumi:providers:kubernetes", "cluster").inputs).to.include({
      enableConfigMapMutable: "true",
      enableSecretMutable: "true",
    });
  });

  it("is refused when it is another one, with both identities", async () => {
    const other = "11111111-2222-4333-8444-555555555555";
    const error: unknown = await deploy(
      () => connectCluster("cluster", named),
      clusterWith(other),
    ).catch((reason: unknown) => reason);
    expect(String(error)).to.contain(other).and.to.contain(named.identity);
  });
});
