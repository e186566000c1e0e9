import { expect } from "chai";
import { ExternalSecrets } from "../../components/platform/external-secrets";
import { secretStoreSpec, storePorts } from "../../components/platform/secret-store-spec";
import { secretStores, type SecretStoreSettings } from "../../components/settings/secret-stores";
import { chartFact } from "../support/chart-facts";
import { deploy, type Recorded } from "../support/mocks";
import { environment } from "../support/rooms";
import { schemaErrors } from "../support/schemas";

const key = (name: string): object => ({ secret: "store-keys", key: name });

/** One store of each kind, with a cloud's identity and with keys. */
const stores = secretStores.parse({
  vault: {
    kind: "vault",
    server: "https://vault.example.com:8200",
    auth: { kind: "kubernetes", role: "slipway" },
  },
  "vault-by-role": {
    kind: "vault",
    server: "https://vault.example.com",
    auth: { kind: "appRole", roleId: "a-role", secretId: key("vault") },
    namespaces: ["storefront"],
  },
  aws: { kind: "aws", region: "eu-central-1" },
  "aws-by-key": {
    kind: "aws",
    region: "eu-central-1",
    service: "ParameterStore",
    role: "arn:aws:iam::123456789012:role/secrets",
    accessKey: { id: key("id"), secret: key("secret") },
  },
  gcp: { kind: "gcp", project: "a-project" },
  "gcp-by-key": { kind: "gcp", project: "a-project", serviceAccountKey: key("gcp") },
  azure: { kind: "azure", vaultUrl: "https://my.vault.azure.net" },
  "azure-by-key": {
    kind: "azure",
    vaultUrl: "https://my.vault.azure.net",
    servicePrincipal: {
      tenantId: "a-tenant",
      clientId: key("azure-id"),
      clientSecret: key("azure-secret"),
    },
  },
  shared: { kind: "kubernetes", namespace: "shared", secrets: ["smtp"] },
});

function storeOf(name: string): SecretStoreSettings {
  const store = stores[name];
  if (store === undefined) {
    throw new Error(`The test has no store ${name}.`);
  }
  return store;
}

const providerOf = (name: string): unknown => secretStoreSpec(name, storeOf(name)).provider;
const reference = (name: string): object => ({
  name: "store-keys",
  namespace: "external-secrets",
  key: name,
});

describe("the spec of a secret store", () => {
  for (const [name, store] of Object.entries(stores)) {
    it(`of ${name} is one that the real definition accepts`, function () {
      const fact = chartFact(this, "external-secrets", "crds/clustersecretstores.yaml");
      expect(schemaErrors(fact, secretStoreSpec(name, store), "v1")).to.deep.equal([]);
    });
  }

  it("lets in the namespaces that this program makes, or those that the stack names", () => {
    expect(secretStoreSpec("vault", storeOf("vault")).conditions).to.deep.equal([
      { namespaceSelector: { matchLabels: { "app.kubernetes.io/managed-by": "pulumi" } } },
    ]);
    expect(secretStoreSpec("vault-by-role", storeOf("vault-by-role")).conditions).to.deep.equal([
      { namespaces: ["storefront"] },
    ]);
  });

  it("proves itself to Vault by the ServiceAccount of External Secrets", () => {
    expect(providerOf("vault")).to.deep.equal({
      vault: {
        server: "https://vault.example.com:8200",
        path: "secret",
        version: "v2",
        auth: {
          kubernetes: {
            mountPath: "kubernetes",
            role: "slipway",
            serviceAccountRef: { name: "external-secrets", namespace: "external-secrets" },
          },
        },
      },
    });
  });

  it("holds no key where a cloud knows External Secrets", () => {
    expect(providerOf("aws")).to.deep.equal({
      aws: { service: "SecretsManager", region: "eu-central-1" },
    });
    expect(providerOf("gcp")).to.deep.equal({ gcpsm: { projectID: "a-project" } });
    expect(providerOf("azure")).to.deep.equal({
      azurekv: {
        vaultUrl: "https://my.vault.azure.net",
        authType: "WorkloadIdentity",
        serviceAccountRef: { name: "external-secrets", namespace: "external-secrets" },
      },
    });
  });

  it("refers to keys by the name of a Secret", () => {
    expect(providerOf("vault-by-role")).to.have.deep.nested.property(
      "vault.auth.appRole.secretRef",
      reference("vault"),
    );
    expect(providerOf("aws-by-key")).to.have.deep.nested.property("aws.auth.secretRef", {
      accessKeyIDSecretRef: reference("id"),
      secretAccessKeySecretRef: reference("secret"),
    });
    expect(providerOf("gcp-by-key")).to.have.deep.nested.property(
      "gcpsm.auth.secretRef.secretAccessKeySecretRef",
      reference("gcp"),
    );
    expect(providerOf("azure-by-key")).to.have.deep.nested.property("azurekv.authSecretRef", {
      clientId: reference("azure-id"),
      clientSecret: reference("azure-secret"),
    });
  });
});

describe("the ports of secret stores", () => {
  it("are those that 443 does not cover, each once", () => {
    expect(storePorts(stores)).to.deep.equal([8200]);
  });
});

describe("the secret stores of a stack", () => {
  let recorded: Recorded;
  before(async () => {
    recorded = await deploy(
      () =>
        new ExternalSecrets("eso", {
          replicas: 2,
          identity: {},
          stores,
          environment,
          retention: "keep",
        }),
    );
  });

  it("are awaited, so that one that cannot be read stops the update", () => {
    const found = recorded.all("ClusterSecretStore");
    expect(found.map(({ inputs }) => (inputs.metadata as { name: string }).name)).to.have.members(
      Object.keys(stores),
    );
    for (const { inputs } of found) {
      expect(inputs.metadata).to.have.deep.property("annotations", {
        "pulumi.com/waitFor": "condition=Ready",
      });
    }
  });

  it("come after the controller that reads them", () => {
    const chart = recorded.find("Chart", "eso-chart");
    expect(recorded.find("ClusterSecretStore", "vault").dependencies).to.include(chart.urn);
  });

  it("may read exactly the named Secrets of another namespace, which comes first", () => {
    const role = recorded.find("Role", "external-secrets-shared");
    expect(role.inputs.rules).to.deep.equal([
      { apiGroups: [""], resources: ["secrets"], resourceNames: ["smtp"], verbs: ["get"] },
    ]);
    const binding = recorded.find("RoleBinding", "external-secrets-shared");
    expect(recorded.find("ClusterSecretStore", "shared").dependencies).to.include(binding.urn);
  });

  it("are reached at their ports", () => {
    const { egress } = recorded.find("NetworkPolicy", "allow-api-server").inputs.spec as {
      readonly egress: readonly { readonly ports: readonly { readonly port: number }[] }[];
    };
    expect(egress[0]?.ports.map(({ port }) => port)).to.deep.equal([443, 6443, 8200]);
  });
});
