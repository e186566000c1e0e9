import { expect } from "chai";
import fc from "fast-check";
import type { BackupBucket } from "../../components/data/postgres-backups";
import {
  clusterAnnotations,
  postgresClusterSpec,
  readinessOf,
  sharedBuffers,
} from "../../components/data/postgres-cluster";
import type { CloudIdentity } from "../../components/kit/cloud-identity";
import { isQuantity } from "../../components/kit/quantity";
import { chartFact } from "../support/chart-facts";
import { bucketInMinio, dataOf } from "../support/rooms";
import { schemaErrors } from "../support/schemas";

/** A bucket outside, of a cloud that knows the cluster's pods. */
const ofCloud = (identity: CloudIdentity): BackupBucket => ({
  connection: {
    ...bucketInMinio.connection,
    fields: {
      ...bucketInMinio.connection.fields,
      endpoint: { kind: "plain", value: "https://s3.eu-central-1.amazonaws.com" },
      ca: { kind: "none" },
    },
    secret: undefined,
    identity,
  },
  uriStyle: "host",
});

const users = [{ name: "shop-orders", database: "orders" }];
const specOf = (postgres: object = {}, bucket?: BackupBucket) =>
  postgresClusterSpec(dataOf({ postgres }).postgres, users, { isScraped: true, bucket });

describe("the spec of the PostgresCluster", () => {
  const spec = specOf();
  const [instance] = spec.instances;
  const { pgbackrest } = spec.backups;
  const { pgBouncer } = spec.proxy;

  it("runs the stack's version, instances and poolers", () => {
    expect(spec.postgresVersion).to.equal(17);
    expect(instance?.replicas).to.equal(3);
    expect(pgBouncer.replicas).to.equal(2);
  });

  it("lets one instance and one pooler go at a time", () => {
    expect(instance?.minAvailable).to.equal(2);
    expect(pgBouncer.minAvailable).to.equal(1);
  });

  it("puts all that runs all the time into the class of what services rely on", () => {
    const { instances, backups, proxy } = postgresClusterSpec(dataOf().postgres, users, {
      priorityClassName: "its-platform",
    });
    const of = (part: object | undefined) => part && Object.entries(part);
    for (const part of [instances[0], backups.pgbackrest.repoHost, proxy.pgBouncer]) {
      expect(of(part)).to.deep.include(["priorityClassName", "its-platform"]);
    }
    expect(JSON.stringify(spec)).not.to.contain("priorityClassName");
  });

  it("blocks no drain where there is one of each", () => {
    const single = specOf({ instances: 1, pgBouncer: { replicas: 1 } });
    expect(single.instances[0]?.minAvailable).to.equal(0);
    expect(single.proxy.pgBouncer.minAvailable).to.equal(0);
  });

  it("takes 500 connections when the stack does not say", () => {
    const { parameters } = spec.patroni.dynamicConfiguration.postgresql;
    expect(parameters).to.deep.equal({ max_connections: 500, shared_buffers: "256MB" });
  });

  it("lets the stack set any parameter, the derived one included", () => {
    const { parameters } = specOf({
      parameters: { shared_buffers: "1GB", max_connections: 200 },
    }).patroni.dynamicConfiguration.postgresql;
    expect(parameters).to.deep.equal({ shared_buffers: "1GB", max_connections: 200 });
  });

  it("commits synchronously only when asked", () => {
    expect(spec.patroni.dynamicConfiguration.synchronous_mode).to.equal(false);
    expect(specOf({ synchronous: true }).patroni.dynamicConfiguration.synchronous_mode).to.equal(
      true,
    );
  });

  it("makes a user for each database, with a password that no URL has to escape", () => {
    expect(spec.users).to.deep.equal([
      {
        name: "shop-orders",
        databases: ["orders"],
        options: "NOSUPERUSER",
        password: { type: "AlphaNumeric" },
      },
    ]);
  });

  it("claims volumes of the stack's sizes, and of its class where it names one", () => {
    expect(instance?.dataVolumeClaimSpec).to.deep.equal({
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "5Gi" } },
    });
    const classed = specOf({ storage: { size: "5Gi", storageClass: "fast" } });
    expect(classed.instances[0]?.dataVolumeClaimSpec.storageClassName).to.equal("fast");
  });

  it("backs up to a volume on a schedule, and keeps two weeks of full backups", () => {
    expect(pgbackrest.repos[0]?.name).to.equal("repo1");
    expect(pgbackrest.jobs.ttlSecondsAfterFinished).to.equal(86_400);
    expect(pgbackrest.repos[0]?.schedules).to.deep.equal({
      full: "0 1 * * 0",
      differential: "0 1 * * 1-6",
    });
    expect(pgbackrest.repos[0]).to.have.nested.property(
      "volume.volumeClaimSpec.resources.requests.storage",
      "8Gi",
    );
    expect(pgbackrest.global).to.deep.equal({
      "repo1-retention-full": "14",
      "repo1-retention-full-type": "time",
    });
  });

  it("backs up to a bucket of the stack, which it trusts by the stack's authority", () => {
    const { repos, global, configuration } = specOf(
      { backups: { kind: "objectStore" } },
      bucketInMinio,
    ).backups.pgbackrest;
    expect(repos).to.deep.equal([
      {
        name: "repo1",
        schedules: { full: "0 1 * * 0", differential: "0 1 * * 1-6" },
        s3: {
          bucket: "postgres-backups",
          endpoint: "minio.minio.svc:9000",
          region: "us-east-1",
        },
      },
    ]);
    expect(global).to.deep.equal({
      "repo1-retention-full": "14",
      "repo1-retention-full-type": "time",
      "repo1-path": "/db",
      "repo1-bundle": "y",
      "repo1-s3-uri-style": "path",
      "repo1-storage-ca-file": "/etc/pgbackrest/conf.d/ca.crt",
    });
    expect(configuration).to.deep.equal([
      {
        secret: {
          name: "pgbackrest-bucket",
          items: [
            { key: "s3.conf", path: "s3.conf" },
            { key: "ca.crt", path: "ca.crt" },
          ],
        },
      },
    ]);
  });

  it("backs up to a bucket of AWS as a role, without a key", () => {
    const roleArn = "arn:aws:iam::123456789012:role/postgres";
    const there = specOf({ backups: { kind: "objectStore" } }, ofCloud({ aws: { roleArn } }));
    expect(there.metadata).to.deep.equal({
      annotations: { "eks.amazonaws.com/role-arn": roleArn },
    });
    expect(there.backups.pgbackrest).not.to.have.property("configuration");
    expect(there.backups.pgbackrest.global).to.include({
      "repo1-s3-key-type": "web-id",
      "repo1-s3-uri-style": "host",
    });
    expect(there.backups.pgbackrest.global).not.to.have.property("repo1-storage-ca-file");
  });

  it("backs up to a bucket of Google Cloud by its own protocol, without a key", () => {
    const serviceAccount = "postgres@acme.iam.gserviceaccount.com";
    const there = specOf(
      { backups: { kind: "objectStore" } },
      ofCloud({ gcp: { serviceAccount } }),
    );
    const { repos, global } = there.backups.pgbackrest;
    expect(repos[0]).to.deep.include({ gcs: { bucket: "postgres-backups" } });
    expect(global).to.include({ "repo1-gcs-key-type": "auto", "repo1-path": "/db" });
    expect(there.metadata?.annotations).to.deep.equal({
      "iam.gke.io/gcp-service-account": serviceAccount,
    });
  });

  it("starts from backups in the bucket, whose cluster may be gone", () => {
    const dataSource = { kind: "objectStore", path: "/old", to: "2026-11-21 09:30:00+00" };
    const source = specOf(
      { backups: { kind: "objectStore" }, dataSource },
      bucketInMinio,
    ).dataSource;
    expect(source)
      .to.have.property("pgbackrest")
      .that.deep.includes({
        stanza: "db",
        options: ["--type=time", '--target="2026-11-21 09:30:00+00"'],
        repo: {
          name: "repo1",
          s3: {
            bucket: "postgres-backups",
            endpoint: "minio.minio.svc:9000",
            region: "us-east-1",
          },
        },
      });
    expect(source)
      .to.have.nested.property("pgbackrest.global")
      .that.includes({ "repo1-path": "/old" });
    expect(source).to.have.nested.property("pgbackrest.configuration[0].secret.name");
  });

  it("is backed up whole when somebody asks by hand", () => {
    expect(pgbackrest.manual).to.deep.equal({ repoName: "repo1", options: ["--type=full"] });
  });

  it("restores nothing, and starts empty, when the stack does not say", () => {
    expect(pgbackrest).not.to.have.property("restore");
    expect(spec).not.to.have.property("dataSource");
    expect(clusterAnnotations({})).to.deep.equal({
      "postgres-operator.crunchydata.com/autoCreateUserSchema": "true",
    });
  });

  it("goes back to a moment once for each name of a restore", () => {
    const restore = { id: "bad-migration", to: "2026-11-21 09:30:00+00" };
    expect(specOf({ restore }).backups.pgbackrest.restore).to.deep.include({
      enabled: true,
      repoName: "repo1",
      options: ["--type=time", '--target="2026-11-21 09:30:00+00"'],
    });
    expect(clusterAnnotations({ restore })).to.include({
      "postgres-operator.crunchydata.com/pgbackrest-restore": "bad-migration",
    });
  });

  it("starts from another cluster's backups, up to their end", () => {
    const dataSource = { kind: "cluster", cluster: "db", namespace: "old", to: "latest" };
    expect(specOf({ dataSource }).dataSource)
      .to.have.property("postgresCluster")
      .that.deep.includes({
        clusterName: "db",
        clusterNamespace: "old",
        repoName: "repo1",
        options: [],
      });
  });

  it("lends server connections for a transaction", () => {
    expect(pgBouncer.config.global).to.deep.equal({
      pool_mode: "transaction",
      max_client_conn: "1000",
      default_pool_size: "20",
    });
  });

  it("spreads instances and poolers, each by its own labels", () => {
    const selectors = [instance, pgBouncer].map(
      (pods) => pods?.topologySpreadConstraints[0]?.labelSelector,
    );
    expect(selectors).to.deep.equal([
      {
        matchLabels: {
          "postgres-operator.crunchydata.com/cluster": "db",
          "postgres-operator.crunchydata.com/instance-set": "instance",
        },
      },
      {
        matchLabels: {
          "postgres-operator.crunchydata.com/cluster": "db",
          "postgres-operator.crunchydata.com/role": "pgbouncer",
        },
      },
    ]);
  });

  it("is one that the operator's real definitions accept, 5.8 and 6.0", function () {
    for (const version of ["5.8.5", "6.0.3"]) {
      const definition = chartFact(this, "pgo", `crds/postgresclusters-${version}.yaml`);
      const moment = { to: "2026-11-21 09:30:00+00" };
      const whole = specOf({
        synchronous: true,
        restore: { id: "bad-migration", ...moment },
        dataSource: { kind: "cluster", cluster: "db", namespace: "old", ...moment },
      });
      const inBucket = specOf(
        {
          backups: { kind: "objectStore" },
          dataSource: { kind: "objectStore", path: "/old", ...moment },
        },
        bucketInMinio,
      );
      expect(schemaErrors(definition, whole, "v1beta1"), version).to.deep.equal([]);
      expect(schemaErrors(definition, inBucket, "v1beta1"), version).to.deep.equal([]);
    }
  });
});

describe("the readiness of the PostgresCluster", () => {
  it("counts all instances and all poolers, and waits for the first backup", () => {
    expect(readinessOf(dataOf().postgres)).to.deep.equal([
      "jsonpath={.status.instances[0].readyReplicas}=3",
      "jsonpath={.status.proxy.pgBouncer.readyReplicas}=2",
      "jsonpath={.status.pgbackrest.repos[0].replicaCreateBackupComplete}=true",
    ]);
  });
});

describe("shared_buffers", () => {
  it("is a quarter of the memory", () => {
    expect(sharedBuffers("4Gi")).to.equal("1024MB");
  });

  it("is always a whole number of megabytes that fits", () => {
    fc.assert(
      fc.property(fc.integer({ min: 64, max: 1_000_000 }), (mebibytes) => {
        const memory = `${String(mebibytes)}Mi`;
        const buffers = /^([0-9]+)MB$/.exec(sharedBuffers(memory));
        return isQuantity(memory) && Number(buffers?.[1]) * 4 <= mebibytes;
      }),
    );
  });
});
