import { expect } from "chai";
import type { Action } from "../../../sandbox/player/action";
import {
  decode,
  encode,
  type KubernetesObject,
  type Secret,
} from "../../../sandbox/player/objects";
import { playPostgresClusters, statusOf } from "../../../sandbox/player/postgres-clusters";
import { connectionValues } from "../../../sandbox/player/postgres-users";
import { now, object, pgo, worldOf } from "./world-of";

const finalizer = "postgres-operator.crunchydata.com/finalizer";
const spec = {
  postgresVersion: 17,
  instances: [{ name: "instance", replicas: 3 }],
  users: [{ name: "shop", databases: ["orders"], password: { type: "AlphaNumeric" as const } }],
  backups: { pgbackrest: { repos: [{ name: "repo1", volume: {} }] } },
  proxy: { pgBouncer: { replicas: 2 } },
};

function clusterWith(fields: object = {}, metadata: Partial<KubernetesObject["metadata"]> = {}) {
  return object(
    "PostgresCluster",
    "data/db",
    { spec: { ...spec, ...fields } },
    { finalizers: [finalizer], ...metadata },
  );
}

function play(...objects: readonly KubernetesObject[]): readonly Action[] {
  return playPostgresClusters(worldOf(...objects), now);
}

function created(actions: readonly Action[]): Secret {
  const action = actions.find(({ do: what }) => what === "create");
  return action?.object as Secret;
}

describe("a played PostgresCluster", () => {
  it("gets PGO's finalizer before anything else", () => {
    const cluster = clusterWith({}, { finalizers: ["mine"], resourceVersion: "7" });
    expect(play(pgo, cluster)).to.deep.equal([
      {
        do: "merge",
        object: cluster,
        fields: { metadata: { resourceVersion: "7", finalizers: ["mine", finalizer] } },
      },
    ]);
  });

  it("waits while no operator is available", () => {
    const idle = { ...pgo, status: { availableReplicas: 0 } };
    expect(play(clusterWith({}, { finalizers: [] }))).to.deep.equal([]);
    expect(play(idle, clusterWith())).to.deep.equal([]);
  });

  it("loses only PGO's finalizer when it is deleted, and only while an operator is available", () => {
    const deleted = clusterWith(
      {},
      { finalizers: ["mine", finalizer], deletionTimestamp: now, resourceVersion: "8" },
    );
    expect(play(pgo, deleted)).to.deep.equal([
      {
        do: "merge",
        object: deleted,
        fields: { metadata: { resourceVersion: "8", finalizers: ["mine"] } },
      },
    ]);
    expect(play(deleted)).to.deep.equal([]);
  });

  it("reports the counts that the program waits for", () => {
    const status = statusOf(clusterWith());
    expect(status["instances"]).to.deep.equal([
      { name: "instance", replicas: 3, readyReplicas: 3, updatedReplicas: 3 },
    ]);
    expect(status["proxy"]).to.deep.equal({ pgBouncer: { replicas: 2, readyReplicas: 2 } });
    expect(status.observedGeneration).to.equal(1);
    expect(status.conditions.map(({ type }) => type)).to.include("ProxyAvailable");
  });

  it("has nothing ready when it is shut down, or is to fail", () => {
    const ready = (status: ReturnType<typeof statusOf>): string =>
      JSON.stringify([status["instances"], status["proxy"]]);
    const off = statusOf(clusterWith({ shutdown: true }));
    const failing = statusOf(
      clusterWith({}, { annotations: { "sandbox.slipway.dev/fail": "Broken" } }),
    );
    expect(ready(off)).to.include('"readyReplicas":0').and.not.to.include('"readyReplicas":3');
    expect(failing.conditions.map(({ reason }) => reason)).to.include("Broken");
  });

  it("has nothing ready until the keys of its backups' bucket are there to be mounted", () => {
    const secret = { name: "keys", items: [{ key: "s3.conf" }] };
    const repos = [{ name: "repo1", s3: { bucket: "backups" } }];
    const inBucket = clusterWith({
      backups: { pgbackrest: { repos, configuration: [{ secret }] } },
    });
    const statusWith = (...more: readonly KubernetesObject[]): string =>
      JSON.stringify(play(pgo, inBucket, ...more).find(({ do: what }) => what === "mergeStatus"));
    const half = object("Secret", "data/keys", { data: encode({ accessKey: "a" }) });
    const whole = object("Secret", "data/keys", { data: encode({ "s3.conf": "[global]" }) });
    expect(statusWith()).to.include("FailedMount").and.include('"readyReplicas":0');
    expect(statusWith(half)).to.include("FailedMount");
    expect(statusWith(whole))
      .to.include('"replicaCreateBackupComplete":true')
      .and.not.include("FailedMount");
  });

  it("has a host for its repository only where that is on a volume", () => {
    const repos = [{ name: "repo1", s3: { bucket: "backups" } }];
    const hostOf = (status: ReturnType<typeof statusOf>): boolean =>
      JSON.stringify(status).includes("epoHost");
    expect(hostOf(statusOf(clusterWith()))).to.equal(true);
    expect(hostOf(statusOf(clusterWith({ backups: { pgbackrest: { repos } } })))).to.equal(false);
  });

  it("is left alone once its status and its Secrets are written", () => {
    const bare = clusterWith();
    const secret = created(play(pgo, bare));
    const status = statusOf(bare);
    const done = { ...bare, status };
    expect(play(pgo, done, secret)).to.deep.equal([]);
    const changed = { ...done, metadata: { ...done.metadata, generation: 2 } };
    expect(play(pgo, changed, secret).map(({ do: what }) => what)).to.deep.equal(["mergeStatus"]);
  });

  it("gets a Secret for each user, with every key that PGO writes", () => {
    const secret = created(play(pgo, clusterWith()));
    expect(secret.metadata).to.include({ name: "db-pguser-shop", namespace: "data" });
    expect(secret.metadata.ownerReferences?.[0]).to.include({
      kind: "PostgresCluster",
      name: "db",
    });
    expect(Object.keys(decode(secret)).sort()).to.deep.equal([
      "dbname",
      "host",
      "jdbc-uri",
      "password",
      "pgbouncer-host",
      "pgbouncer-jdbc-uri",
      "pgbouncer-port",
      "pgbouncer-uri",
      "port",
      "uri",
      "user",
      "verifier",
    ]);
  });

  it("gets a user and a database of its own name when it names no users", () => {
    const secret = created(play(pgo, clusterWith({ users: undefined })));
    expect(decode(secret)).to.include({ user: "db", dbname: "db" });
  });

  it("keeps the password that a Secret already has, and writes what is missing", () => {
    const present = object("Secret", "data/db-pguser-shop", { data: encode({ password: "kept" }) });
    const [action] = play(pgo, clusterWith(), present);
    expect(action).to.include({ do: "merge", object: present });
    const { data } = (action as { fields: Secret }).fields;
    expect(decode({ ...present, data })).to.include({
      password: "kept",
      uri: "postgresql://shop:kept@db-primary.data.svc:5432/orders",
    });
  });

  it("loses the Secret of a user that is gone", () => {
    const labels = {
      "postgres-operator.crunchydata.com/cluster": "db",
      "postgres-operator.crunchydata.com/role": "pguser",
    };
    const old = object("Secret", "data/db-pguser-old", { data: {} }, { labels });
    const foreign = object("Secret", "data/other", { data: {} });
    const deleted = play(pgo, clusterWith(), old, foreign).filter(
      ({ do: what }) => what === "delete",
    );
    expect(deleted).to.deep.equal([{ do: "delete", object: old }]);
  });
});

describe("the address of a played database", () => {
  const user = { name: "shop", databases: ["orders"] };

  it("leads to the primary, and to the pooler where there is one", () => {
    const values = connectionValues(clusterWith(), user, "p/w");
    expect(values).to.include({
      host: "db-primary.data.svc",
      "pgbouncer-uri": "postgresql://shop:p%2Fw@db-pgbouncer.data.svc:5432/orders",
      "pgbouncer-jdbc-uri":
        "jdbc:postgresql://db-pgbouncer.data.svc:5432/orders?password=p%2Fw&prepareThreshold=0&user=shop",
    });
    const direct = connectionValues(clusterWith({ proxy: undefined }), user, "pw");
    expect(Object.keys(direct).filter((key) => key.startsWith("pgbouncer"))).to.deep.equal([]);
  });

  it("is a host and a user alone when the user has no database", () => {
    const values = connectionValues(clusterWith(), { name: "postgres" }, "pw");
    expect(values).to.not.have.any.keys("uri", "dbname", "pgbouncer-uri");
    expect(values).to.include({ user: "postgres", "pgbouncer-port": "5432" });
  });
});
