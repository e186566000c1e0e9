import * as kubernetes from "@pulumi/kubernetes";
import { expect } from "chai";
import { Applications } from "../../components/apps";
import { application, service } from "../../components/apps/declaration";
import { resolveApplications } from "../../components/apps/resolve";
import { secret } from "../../components/apps/store-secret";
import { deploy, type Recorded } from "../support/mocks";
import { images, platform } from "./fixtures";
import { web } from "./shop";

const payments = secret("payments", {
  store: "vault",
  key: "shop/payments",
  fields: { apiKey: "api_key", account: "account" },
});

const shop = application({
  name: "shop",
  team: "checkout",
  services: [
    service("orders", { ...web, uses: { payments }, env: { PAYMENTS_KEY: payments.apiKey } }),
  ],
});

const settings = { host: "shop.example.com", services: { orders: { env: {} } } };

function resolved(stores?: readonly string[]) {
  return resolveApplications([{ declaration: shop, settings }], {
    environment: "test",
    images,
    stores,
  });
}

async function deployed(): Promise<Recorded> {
  return deploy(() => {
    const vault = new kubernetes.apiextensions.CustomResource("the-store", {
      apiVersion: "external-secrets.io/v1",
      kind: "ClusterSecretStore",
      metadata: { name: "vault" },
    });
    new Applications("applications", {
      applications: resolved(["vault"]),
      pullSecrets: [],
      platform: { ...platform, secretStores: { ready: [], stores: { vault: [vault] } } },
      data: {
        connect: () => {
          throw new Error("The data room was asked for a secret of a store.");
        },
      },
    });
  });
}

describe("a secret of a store", () => {
  it("is carried by an ExternalSecret that reads exactly what the service reads", async () => {
    const carried = (await deployed()).find("ExternalSecret", "orders-secret-payments");
    expect(carried.inputs.spec).to.deep.equal({
      refreshInterval: "1h",
      secretStoreRef: { kind: "ClusterSecretStore", name: "vault" },
      target: { name: "orders-secret-payments", creationPolicy: "Owner" },
      data: [{ secretKey: "apiKey", remoteRef: { key: "shop/payments", property: "api_key" } }],
    });
  });

  it("is carried once the store can be read, and makes no store of its own", async () => {
    const recorded = await deployed();
    const carried = recorded.find("ExternalSecret", "orders-secret-payments");
    const store = recorded.find("ClusterSecretStore", "vault");
    expect(carried.dependencies).to.include(store.urn);
    expect(recorded.all("SecretStore")).to.deep.equal([]);
  });

  it("reaches the container by reference", async () => {
    const deployment = (await deployed()).find("Deployment", "orders");
    expect(deployment.inputs.spec)
      .to.have.nested.property("template.spec.containers[0].env")
      .that.deep.includes({
        name: "PAYMENTS_KEY",
        valueFrom: { secretKeyRef: { name: "orders-secret-payments", key: "apiKey" } },
      });
  });

  it("is refused before anything is registered where the stack has no such store", () => {
    expect(() => resolved()).to.throw(
      'shop/orders uses secret/payments: names the store "vault"; the stack has none. Add it to ' +
        "slipway:platform.externalSecrets.stores",
    );
    expect(() => resolved(["aws"])).to.throw('names the store "vault"; the stack has aws.');
  });

  it("is asked for under a name that an object can have", () => {
    expect(() => secret("Payments/Live", { store: "vault", key: "x", fields: {} })).to.throw(
      'The secret name "Payments/Live" is not allowed',
    );
  });
});
