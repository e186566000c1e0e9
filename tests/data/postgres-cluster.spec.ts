import { expect } from "chai";
import fc from "fast-check";
import {
  clusterAnnotations,
  postgresClusterSpec,
  readinessOf,
  sharedBuffers,
} from "../../components/data/postgres-cluster";
import { isQuantity } from "../../components/kit/quantity";
import { chartFact } from "../support/chart-facts";
import { dataOf } from "../support/rooms";
import { schemaErrors } from "../support/schemas";

const users = [{ name: "shop-orders", database: "orders" }];
const specOf = (postgres: object = {}) =>
  postgresClusterSpec(dataOf({ postgres }).postgres, users, true);

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
    expect(pgbackrest.repos[0]?.volume.volumeClaimSpec.resources.requests.storage).to.equal("8Gi");
    expect(pgbackrest.global).to.deep.equal({
      "repo1-retention-full": "14",
      "repo1-retention-full-type": "time",
    });
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
    const dataSource = { cluster: "db", namespace: "old", to: "latest" } as const;
    expect(specOf({ dataSource }).dataSource?.postgresCluster).to.deep.include({
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

  it("limits every container that the operator makes", () => {
    const containers = {
      instance,
      replicaCertCopy: instance?.sidecars.replicaCertCopy,
      repoHost: pgbackrest.repoHost,
      jobs: pgbackrest.jobs,
      pgbackrest: pgbackrest.sidecars.pgbackrest,
      pgbackrestConfig: pgbackrest.sidecars.pgbackrestConfig,
      pgBouncer,
      pgbouncerConfig: pgBouncer.sidecars.pgbouncerConfig,
    };
    for (const [name, container] of Object.entries(containers)) {
      expect(container?.resources.limits, name).to.have.keys("cpu", "memory");
    }
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
        dataSource: { cluster: "db", namespace: "old", ...moment },
      });
      expect(schemaErrors(definition, whole, "v1beta1"), version).to.deep.equal([]);
    }
  });
});

describe("the readiness of the PostgresCluster", () => {
  it("counts all instances and all poolers", () => {
    expect(readinessOf(dataOf().postgres)).to.deep.equal([
      "jsonpath={.status.instances[0].readyReplicas}=3",
      "jsonpath={.status.proxy.pgBouncer.readyReplicas}=2",
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
