import * as kubernetes from "@pulumi/kubernetes";
import { expect } from "chai";
import { bucket } from "../../components/data";
import { cloudIdentity, ExternalObjectStore } from "../../components/data/external-object-store";
import { tenantsOf } from "../../components/data/tenants";
import type { ExternalObjectStoreSettings } from "../../components/settings/data";
import { deploy, urnsOf, type Recorded } from "../support/mocks";

const pictures = bucket("pictures");
const tenants = tenantsOf([{ application: "shop", namespace: "shop", demand: pictures }], "bucket");
const roleArn = "arn:aws:iam::123456789012:role/shop";
const s3: ExternalObjectStoreSettings = {
  kind: "external",
  endpoint: "https://s3.eu-central-1.amazonaws.com",
  region: "eu-central-1",
  addresses: "internet",
  uriStyle: "path",
  buckets: { pictures: "acme-pictures" },
  access: { kind: "keys", store: "vault", secrets: {} },
};
const byIdentity: ExternalObjectStoreSettings["access"] = {
  kind: "identity",
  identities: { shop: { kind: "aws", roleArn } },
};

describe("an external object store", () => {
  let store: ExternalObjectStore;
  const deployWith = (changes: Partial<ExternalObjectStoreSettings> = {}): Promise<Recorded> =>
    deploy(() => {
      const vault = new kubernetes.core.v1.ConfigMap("vault");
      store = new ExternalObjectStore("store", {
        settings: { ...s3, ...changes },
        tenants,
        secretStores: { ready: [], stores: { vault: [vault] } },
      });
    });
  const refusalOf = async (changes: Partial<ExternalObjectStoreSettings>): Promise<string> =>
    String(await deployWith(changes).catch((error: unknown) => error));

  it("hands out its own address, region and bucket, and the keys by reference", async () => {
    await deployWith();
    const { fields, secret, outside, peers } = store.connect("shop", pictures);
    expect(fields).to.deep.equal({
      endpoint: { kind: "plain", value: "https://s3.eu-central-1.amazonaws.com" },
      ca: { kind: "none" },
      region: { kind: "plain", value: "eu-central-1" },
      bucket: { kind: "plain", value: "acme-pictures" },
      accessKey: { kind: "secret", key: "accessKey" },
      secretKey: { kind: "secret", key: "secretKey" },
    });
    expect(secret).to.deep.equal({
      namespace: "object-store",
      name: "shop-pictures",
      keys: ["accessKey", "secretKey"],
    });
    expect([peers, outside]).to.deep.equal([[], { addresses: "internet", ports: [443] }]);
  });

  it("carries the keys from the store, for the application's reader alone", async () => {
    const recorded = await deployWith();
    const keys = recorded.find("ExternalSecret", "shop-pictures");
    expect(keys.inputs.spec).to.deep.include({
      data: ["accessKey", "secretKey"].map((key) => ({
        secretKey: key,
        remoteRef: { key: "shop-pictures", property: key },
      })),
    });
    expect(keys.dependencies).to.include(recorded.find("ConfigMap", "vault").urn);
    expect(recorded.find("Role", "shop-secrets").inputs.rules).to.have.deep.nested.property(
      "[0].resourceNames",
      ["shop-pictures"],
    );
    expect(await urnsOf(store.connect("shop", pictures).ready)).to.include(keys.urn);
  });

  it("is reached at the port of its address", async () => {
    await deployWith({ endpoint: "https://objects.example.com:8443" });
    expect(store.connect("shop", pictures).outside?.ports).to.deep.equal([8443]);
  });

  it("makes nothing where the cloud knows the pods, and says who they are", async () => {
    const recorded = await deployWith({ access: byIdentity });
    expect(recorded.all("Namespace")).to.deep.equal([]);
    const { fields, secret, identity } = store.connect("shop", pictures);
    expect([fields.accessKey, fields.secretKey]).to.deep.equal([
      { kind: "none" },
      { kind: "none" },
    ]);
    expect(secret).to.equal(undefined);
    expect(identity).to.deep.equal({ aws: { roleArn } });
  });

  it("is refused where an application would be nobody to the cloud", async () => {
    expect(await refusalOf({ access: { kind: "identity", identities: {} } })).to.match(
      /access\.identities\.shop: is missing/,
    );
  });

  it("is refused where the stack speaks of what nobody demands", async () => {
    expect(await refusalOf({ buckets: { pitcures: "x" } })).to.match(
      /buckets\.pitcures: is demanded by no application; it may be pictures/,
    );
    const access = { kind: "keys", store: "vault", secrets: { "blog/pictures": "x" } } as const;
    expect(await refusalOf({ access })).to.match(
      /secrets\.blog\/pictures: .* it may be shop\/pictures/,
    );
  });

  it("knows each cloud's way to name a pod", () => {
    const serviceAccount = "shop@acme.iam.gserviceaccount.com";
    const clientId = "0d1f3a52-7c44-4f1e-9b6a-2f1d3c5b7a90";
    expect([
      cloudIdentity({ kind: "aws" }),
      cloudIdentity({ kind: "gcp", serviceAccount }),
      cloudIdentity({ kind: "azure", clientId }),
    ]).to.deep.equal([
      { aws: { podIdentity: true } },
      { gcp: { serviceAccount } },
      { azure: { clientId } },
    ]);
  });
});
