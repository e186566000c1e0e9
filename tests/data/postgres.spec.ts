import * as kubernetes from "@pulumi/kubernetes";
import { expect } from "chai";
import { bucket, database } from "../../components/data";
import { podMonitor, Postgres } from "../../components/data/postgres";
import type { BackupBucket } from "../../components/data/postgres-backups";
import { tenantsOf } from "../../components/data/tenants";
import { chartFact } from "../support/chart-facts";
import { deploy, urnsOf, type Recorded } from "../support/mocks";
import { allFeatures, dataOf, postgresOperator, secretStores } from "../support/rooms";
import { schemaErrors } from "../support/schemas";

const orders = database("orders");
const products = database("products");
const tenants = tenantsOf(
  [orders, products].map((demand) => ({ application: "shop", namespace: "shop", demand })),
  "database",
);

describe("Postgres", () => {
  let recorded: Recorded;
  let postgres: Postgres;
  const create = (retention: "keep" | "delete") =>
    deploy(() => {
      const operator = new kubernetes.core.v1.ConfigMap("operator-that-is-ready");
      postgres = new Postgres("pg", {
        settings: dataOf().postgres,
        tenants,
        operator: { ...postgresOperator, ready: [operator] },
        secretStores,
        monitoring: allFeatures.monitoring,
        retention,
      });
    });
  before(async () => {
    recorded = await create("keep");
  });

  it("is the cluster db, created after its operator and so deleted before it", () => {
    const cluster = recorded.find("PostgresCluster", "db");
    expect(cluster.inputs).to.include({ apiVersion: "postgres-operator.crunchydata.com/v1beta1" });
    expect(cluster.dependencies).to.include(
      recorded.find("ConfigMap", "operator-that-is-ready").urn,
    );
  });

  it("is awaited until all is ready and the first backup is taken, for long enough", () => {
    const cluster = recorded.find("PostgresCluster", "db");
    expect(cluster.inputs.metadata)
      .to.have.property("annotations")
      .that.has.property(
        "pulumi.com/waitFor",
        '["jsonpath={.status.instances[0].readyReplicas}=3","jsonpath={.status.proxy.pgBouncer.readyReplicas}=2","jsonpath={.status.pgbackrest.repos[0].replicaCreateBackupComplete}=true"]',
      );
    expect(cluster.timeouts.create).to.equal("20m");
  });

  it("gives each user a schema of its own, because nobody may write to the public one", () => {
    expect(recorded.find("PostgresCluster", "db").inputs.metadata)
      .to.have.property("annotations")
      .that.includes({ "postgres-operator.crunchydata.com/autoCreateUserSchema": "true" });
  });

  it("protects the cluster and keeps it, and its namespace, when data is kept", () => {
    expect(recorded.find("PostgresCluster", "db")).to.include({
      protect: true,
      retainOnDelete: true,
    });
    expect(recorded.find("kubernetes:core/v1:Namespace", "postgres").protect).to.equal(true);
  });

  it("keeps nothing when data is not kept", async () => {
    const gone = await create("delete");
    expect(gone.resources.filter((each) => each.protect || each.retainOnDelete)).to.deep.equal([]);
  });

  it("makes one user for each database of an application", () => {
    expect(recorded.find("PostgresCluster", "db").inputs.spec)
      .to.have.property("users")
      .that.satisfies((users: readonly { name: string }[]) =>
        expect(users.map(({ name }) => name)).to.deep.equal(["shop-orders", "shop-products"]),
      );
  });

  it("lets the application's reader read the Secrets of its users and no other", () => {
    expect(recorded.find("Role", "shop-secrets").inputs.rules).to.have.deep.nested.property(
      "[0].resourceNames",
      ["db-pguser-shop-orders", "db-pguser-shop-products"],
    );
  });

  it("hands out the keys of the user's Secret, through the pooler and past it", () => {
    const connection = postgres.connect("shop", orders);
    expect(connection.fields).to.deep.equal({
      url: { kind: "secret", key: "pgbouncer-uri" },
      host: { kind: "secret", key: "pgbouncer-host" },
      port: { kind: "secret", key: "pgbouncer-port" },
      user: { kind: "secret", key: "user" },
      password: { kind: "secret", key: "password" },
      name: { kind: "secret", key: "dbname" },
      directUrl: { kind: "secret", key: "uri" },
    });
    expect(connection.secret?.name).to.equal("db-pguser-shop-orders");
    expect(connection.peers).to.deep.equal(
      [{ role: "pgbouncer" }, { data: "postgres" }].map((labels) => ({
        namespace: "postgres",
        podLabels: Object.fromEntries(
          Object.entries({ cluster: "db", ...labels }).map(([label, value]) => [
            `postgres-operator.crunchydata.com/${label}`,
            value,
          ]),
        ),
        ports: [5432],
      })),
    );
  });

  it("is ready when the application's reader may read: a store that may not waits for minutes", async () => {
    expect(await urnsOf(postgres.connect("shop", products).ready)).to.include.members([
      recorded.find("Role", "shop-secrets").urn,
      recorded.find("RoleBinding", "shop-secrets").urn,
    ]);
  });

  it("names every key it hands out as one to carry over", () => {
    const { fields, secret } = postgres.connect("shop", products);
    const keys = Object.values(fields).map((field) => (field.kind === "secret" ? field.key : ""));
    expect(secret?.keys).to.have.members(keys);
  });

  it("lets the cluster's pods reach each other and the API server", () => {
    expect(ports(recorded, "allow-cluster", "ingress")).to.deep.equal([[5432, 8008, 8432]]);
    expect(ports(recorded, "allow-cluster", "egress")).to.deep.equal([
      [5432, 8008, 8432],
      [443, 6443],
    ]);
  });

  it("has an exporter beside each instance, which Prometheus alone reaches and finds", function () {
    expect(recorded.find("PostgresCluster", "db").inputs.spec)
      .to.have.nested.property("monitoring.pgmonitor.exporter.resources.limits")
      .that.has.keys("cpu", "memory");
    expect(ports(recorded, "allow-exporter", "ingress")).to.deep.equal([[9187]]);
    expect(recorded.find("PodMonitor", "postgres").inputs.metadata).to.deep.include({
      labels: { release: "monitoring" },
    });
    const fact = chartFact(this, "kube-prometheus-stack", "crds/podmonitors.yaml");
    expect(schemaErrors(fact, podMonitor({}).spec)).to.deep.equal([]);
  });

  it("lets the application reach the poolers and the instances by Postgres' port", () => {
    for (const policy of ["allow-pooler", "allow-instances"]) {
      expect(ports(recorded, policy, "ingress")).to.deep.equal([[5432]]);
      expect(JSON.stringify(recorded.find("NetworkPolicy", policy).inputs.spec)).to.contain(
        '"kubernetes.io/metadata.name":"shop"',
      );
    }
  });
});

describe("Postgres whose backups are in a bucket", () => {
  const demand = bucket("postgres-backups");
  const servers = { namespace: "minio", podLabels: { app: "minio" }, ports: [9000] };
  const fields = {
    endpoint: { kind: "plain", value: "https://minio.minio.svc:9000" },
    ca: { kind: "secret", key: "ca.crt" },
    region: { kind: "plain", value: "us-east-1" },
    bucket: { kind: "plain", value: "postgres-backups" },
    accessKey: { kind: "secret", key: "accessKey" },
    secretKey: { kind: "secret", key: "secretKey" },
  } as const;
  const create = (connection: (made: kubernetes.core.v1.ConfigMap) => BackupBucket["connection"]) =>
    deploy(() => {
      const made = new kubernetes.core.v1.ConfigMap("bucket-that-is-made");
      new Postgres("pg", {
        settings: dataOf({ postgres: { backups: { kind: "objectStore" } } }).postgres,
        tenants,
        operator: postgresOperator,
        secretStores,
        bucket: { connection: connection(made), uriStyle: "path" },
        retention: "keep",
      });
    });
  const keys = {
    namespace: "minio",
    name: "minio-user-postgres-postgres-backups",
    keys: ["accessKey", "secretKey", "ca.crt"],
    elsewhere: { "ca.crt": "minio-ca" },
  };
  const inMinio = (made: kubernetes.core.v1.ConfigMap) =>
    ({ demand, fields, secret: keys, peers: [servers], ready: [made] }) as const;

  it("is made when the bucket is, and when the keys are beside it", async () => {
    const recorded = await create(inMinio);
    const { dependencies } = recorded.find("PostgresCluster", "db");
    expect(dependencies).to.include.members([
      recorded.find("ConfigMap", "bucket-that-is-made").urn,
      recorded.find("ExternalSecret", "pgbackrest-bucket").urn,
    ]);
    expect(recorded.find("SecretStore", "minio").dependencies).to.include(
      recorded.find("ConfigMap", "bucket-that-is-made").urn,
    );
  });

  it("gets the keys as a file of pgBackRest, and the authority of the servers", async () => {
    const { inputs } = (await create(inMinio)).find("ExternalSecret", "pgbackrest-bucket");
    expect(inputs.spec).to.have.deep.nested.property("target.template.data", {
      "s3.conf": "[global]\nrepo1-s3-key={{ .accessKey }}\nrepo1-s3-key-secret={{ .secretKey }}\n",
    });
    expect(inputs.spec)
      .to.have.property("data")
      .that.deep.includes({
        secretKey: "ca.crt",
        remoteRef: { key: "minio-ca", property: "ca.crt" },
      });
  });

  it("reaches the servers of the bucket, and nothing else that is new", async () => {
    const recorded = await create(inMinio);
    expect(ports(recorded, "allow-cluster", "egress")).to.deep.equal([
      [5432, 8008, 8432],
      [443, 6443],
      [9000],
    ]);
  });

  it("needs no key where its cloud knows its pods, and reaches what says so", async () => {
    const recorded = await create((made) => ({
      demand,
      fields: { ...fields, ca: { kind: "none" } },
      peers: [],
      outside: { addresses: "internet", ports: [443] },
      identity: { gcp: { serviceAccount: "postgres@acme.iam.gserviceaccount.com" } },
      ready: [made],
    }));
    expect(recorded.all("ExternalSecret")).to.deep.equal([]);
    expect(ports(recorded, "allow-cluster", "egress")).to.deep.equal([
      [5432, 8008, 8432],
      [443, 6443],
      [443],
      [443, 80, 988],
    ]);
  });
});

/** The ports of each rule of a policy. */
function ports(recorded: Recorded, policy: string, direction: "ingress" | "egress"): unknown {
  const spec = recorded.find("NetworkPolicy", policy).inputs.spec as Readonly<
    Record<string, readonly { ports: readonly { port: number }[] }[] | undefined>
  >;
  return spec[direction]?.map((rule) => rule.ports.map(({ port }) => port));
}
