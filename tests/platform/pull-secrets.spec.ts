import { expect } from "chai";
import { StackImages } from "../../components/kit/stack-images";
import { Platform } from "../../components/platform";
import { pullSecretSpec } from "../../components/platform/pull-secrets";
import { chartFact } from "../support/chart-facts";
import { deploy, type Recorded } from "../support/mocks";
import { environment, platformOf } from "../support/rooms";
import { schemaErrors } from "../support/schemas";

const source = { store: "vault", secrets: { mirror: "ci/mirror" }, property: "config" };
const names = ["registry", "mirror"];
const label = { "slipway.dev/pull-secrets": "carried" };

describe("image pull Secrets that are carried", () => {
  let recorded: Recorded;
  const create = (from?: typeof source): Promise<Recorded> =>
    deploy(() => {
      const images = new StackImages({ pullSecrets: names, pullSecretsFrom: from });
      const stores = {
        vault: {
          kind: "vault",
          server: "https://vault.example.com",
          auth: { kind: "kubernetes", role: "slipway" },
        },
        other: { kind: "kubernetes", namespace: "secrets", secrets: ["one"] },
      };
      new Platform(
        "platform",
        {
          settings: platformOf({ externalSecrets: { replicas: 2, stores } }),
          environment: { ...environment, images },
          retention: "keep",
        },
        { transformations: [images.ofResource] },
      );
    });
  before(async () => {
    recorded = await create(source);
  });
  const conditionsOf = (store: string): string =>
    JSON.stringify(recorded.find("ClusterSecretStore", store).inputs.spec);

  it("are of the type that the kubelet reads, from where the store has each", () => {
    const [registry, mirror] = names.map((name) => pullSecretSpec(name, { ...source, names }));
    expect(registry).to.have.nested.property("externalSecretSpec.target.name", "registry");
    expect(registry).to.have.nested.property(
      "externalSecretSpec.target.template.type",
      "kubernetes.io/dockerconfigjson",
    );
    expect(mirror?.externalSecretSpec).to.have.deep.property("data", [
      { secretKey: ".dockerconfigjson", remoteRef: { key: "ci/mirror", property: "config" } },
    ]);
    expect(JSON.stringify(registry)).to.include('"remoteRef":{"key":"registry"');
  });

  it("are ExternalSecrets that the real definition accepts", function () {
    const definition = chartFact(this, "external-secrets", "crds/externalsecrets.yaml");
    const { externalSecretSpec } = pullSecretSpec("mirror", { ...source, names });
    expect(schemaErrors(definition, externalSecretSpec, "v1")).to.deep.equal([]);
  });

  it("come into every namespace of the stack but that of External Secrets", () => {
    const labels = recorded
      .all("kubernetes:core/v1:Namespace")
      .map(({ inputs }) => (inputs.metadata as { readonly labels: object }).labels);
    expect(labels).to.have.lengthOf(4);
    for (const each of labels) {
      expect(each).to.include(label);
    }
    expect(recorded.find("ClusterExternalSecret", "registry").inputs.spec)
      .to.have.nested.property("namespaceSelectors")
      .that.deep.equals([
        {
          matchLabels: label,
          matchExpressions: [
            {
              key: "kubernetes.io/metadata.name",
              operator: "NotIn",
              values: ["external-secrets"],
            },
          ],
        },
      ]);
  });

  it("are carried once their store is ready, which their namespaces may read, and no other", () => {
    const carried = recorded.find("ClusterExternalSecret", "mirror");
    expect(carried.dependencies).to.include(recorded.find("ClusterSecretStore", "vault").urn);
    expect(conditionsOf("vault")).to.include(JSON.stringify(label));
    expect(conditionsOf("other")).not.to.include("pull-secrets");
  });

  it("leave a stack that has them already as it is", async () => {
    const without = await create();
    expect(without.all("ClusterExternalSecret")).to.deep.equal([]);
    expect(JSON.stringify(without.resources)).not.to.include("pull-secrets");
  });
});
