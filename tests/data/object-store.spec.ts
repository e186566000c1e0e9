import { expect } from "chai";
import { bucket } from "../../components/data";
import { ObjectStore } from "../../components/data/object-store";
import { tenantsOf } from "../../components/data/tenants";
import { deploy, urnsOf, type Recorded } from "../support/mocks";
import { allFeatures, certificates, dataOf, environment, secretStores } from "../support/rooms";

const pictures = bucket("pictures");
const tenants = tenantsOf([{ application: "shop", namespace: "shop", demand: pictures }], "bucket");

describe("ObjectStore", () => {
  let recorded: Recorded;
  let store: ObjectStore;
  const install = (demanded = tenants, objectStore: object = {}) =>
    deploy(() => {
      store = new ObjectStore("store", {
        settings: dataOf({ objectStore }).objectStore,
        tenants: demanded,
        certificates,
        secretStores,
        monitoring: allFeatures.monitoring,
        environment,
        retention: "keep",
      });
    });
  before(async () => {
    recorded = await install();
  });

  it("generates the root credentials before the servers start", () => {
    const root = recorded.find("Secret", "minio-root");
    expect(recorded.find("Chart", "store-chart").dependencies).to.include(root.urn);
  });

  it("writes no credentials into the chart's values", () => {
    const { values } = recorded.find("Chart", "store-chart").inputs;
    expect(JSON.stringify(values)).to.not.contain("aRandomValueForTests");
  });

  it("gives an application a user for its bucket, in a Secret beside the servers", () => {
    expect(recorded.find("Secret", "minio-user-shop-pictures").inputs).to.deep.include({
      stringData: {
        secret: { accessKey: "shop-pictures", secretKey: "paRandomValueForTests" },
      },
    });
  });

  it("lets the application's reader read this Secret and no other", () => {
    expect(recorded.find("Role", "shop-secrets").inputs.rules).to.have.deep.nested.property(
      "[0].resourceNames",
      ["minio-user-shop-pictures", "minio-ca"],
    );
  });

  it("is ready when the application's reader may read: a store that may not waits for minutes", async () => {
    expect(await urnsOf(store.connect("shop", pictures).ready)).to.include.members([
      recorded.find("Role", "shop-secrets").urn,
      recorded.find("RoleBinding", "shop-secrets").urn,
    ]);
  });

  it("makes buckets and users once the servers run, from their Secrets", () => {
    const job = recorded.find("Job", "store-buckets-job");
    expect(job.dependencies).to.include.members([
      recorded.find("Chart", "store-chart").urn,
      recorded.find("Secret", "minio-user-shop-pictures").urn,
    ]);
    expect(JSON.stringify(job.inputs)).to.contain("/credentials/shop-pictures");
  });

  it("makes no Job where nobody demands a bucket", async () => {
    expect((await install([])).all("Job")).to.deep.equal([]);
  });

  it("hands out the address in the open and the keys by reference", () => {
    expect(store.connect("shop", pictures)).to.deep.include({
      fields: {
        endpoint: { kind: "plain", value: "https://minio.minio.svc:9000" },
        ca: { kind: "secret", key: "ca.crt" },
        region: { kind: "plain", value: "us-east-1" },
        bucket: { kind: "plain", value: "pictures" },
        accessKey: { kind: "secret", key: "accessKey" },
        secretKey: { kind: "secret", key: "secretKey" },
      },
      secret: {
        namespace: "minio",
        name: "minio-user-shop-pictures",
        keys: ["accessKey", "secretKey", "ca.crt"],
        elsewhere: { "ca.crt": "minio-ca" },
      },
    });
  });

  it("lets in the servers, the Job, the application and Prometheus, and the servers out to each other", () => {
    const { spec } = recorded.find("NetworkPolicy", "allow-servers").inputs;
    expect(spec).to.have.property("ingress").with.lengthOf(4);
    expect(spec).to.have.property("egress").with.lengthOf(1);
    expect(JSON.stringify(spec)).to.contain('"kubernetes.io/metadata.name":"shop"');
  });

  it("protects the drives of several servers and the volume of one", async () => {
    const chart = recorded.find("Chart", "store-chart");
    for (const [type, kind] of [
      ["kubernetes:apps/v1:StatefulSet", "StatefulSet"],
      ["kubernetes:core/v1:PersistentVolumeClaim", "PersistentVolumeClaim"],
    ] as const) {
      const { opts } = await chart.transform(type, "minio", { apiVersion: "v1", kind });
      expect(opts).to.include({ protect: true, retainOnDelete: true });
    }
  });

  it("adds the probes to the pods that the chart renders", async () => {
    const chart = recorded.find("Chart", "store-chart");
    const { props } = await chart.transform("kubernetes:apps/v1:StatefulSet", "minio", {
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata: { name: "minio" },
      spec: { template: { spec: { containers: [{ name: "minio" }] } } },
    });
    expect(props).to.have.nested.property("spec.template.spec.containers[0].readinessProbe");
  });
});
