import { expect } from "chai";
import { claimTemplate, deployment, named, object, postgresCluster, statefulSet } from "../stack";
import { review, risksOf } from "./verdict";

const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "postgres" } };
const claim = (storage: string) => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: named("pictures"),
  spec: { resources: { requests: { storage } } },
});

describe("data at risk", () => {
  it("is named in the verdict when a database is deleted", () => {
    const report = review([object(postgresCluster())], []);
    expect(report.verdict.outcome).to.equal("needs-a-human");
    expect(report.verdict.line).to.match(
      /^Needs a human: data at risk \(PostgresCluster postgres\/db\)\./,
    );
    expect(risksOf(report, "data")[0]).to.contain("its data is lost");
  });

  it("says that a deletion stops at a protected object", () => {
    const report = review([object(postgresCluster(), { protect: true, retainOnDelete: true })], []);
    expect(risksOf(report, "data")[0]).to.contain("it is protected: the update stops at it");
  });

  it("says that a retained object stays, without anybody to manage it", () => {
    const report = review([object(statefulSet(), { retainOnDelete: true })], []);
    expect(risksOf(report, "data")[0]).to.contain("stays in the cluster and nothing manages it");
  });

  it("names the safe path when the claim templates of a StatefulSet change", () => {
    const after = statefulSet({ volumeClaimTemplates: [claimTemplate("20Gi")] });
    const report = review([object(statefulSet())], [object(after)]);
    expect(report.verdict.line).to.contain("data at risk (StatefulSet nats/nats)");
    const [risk] = report.risks.filter(({ kind }) => kind === "data");
    expect(risk?.summary).to.contain("volumeClaimTemplates[data].spec.resources.requests.storage");
    expect(risk?.safePath).to.contain("--cascade=orphan");
  });

  it("tells whether the volumes of a deleted StatefulSet go with it", () => {
    const retention = { persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete" } };
    expect(risksOf(review([object(statefulSet())], []), "data")[0]).to.contain("its volumes stay");
    expect(risksOf(review([object(statefulSet(retention))], []), "data")[0]).to.contain(
      "its volumes go with it",
    );
  });

  it("follows a deleted namespace to what it holds", () => {
    const cluster = object(postgresCluster());
    const report = review([object(namespace), cluster], [cluster]);
    expect(risksOf(report, "data")).to.deep.equal([
      "Namespace postgres: with the namespace go PostgresCluster postgres/db",
    ]);
  });

  it("follows a deleted definition to the objects of its kind", () => {
    const definition = object({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "postgresclusters.postgres-operator.crunchydata.com" },
      spec: { group: "postgres-operator.crunchydata.com", names: { kind: "PostgresCluster" } },
    });
    const cluster = object(postgresCluster());
    expect(risksOf(review([definition, cluster], [cluster]), "data")[0]).to.contain(
      "with the definition go PostgresCluster postgres/db",
    );
  });

  it("is seen when an object that holds data moves in the program without an alias", () => {
    const before = object(postgresCluster(), { urn: "urn:pulumi:production::slipway::t::a" });
    const after = object(postgresCluster(), { urn: "urn:pulumi:production::slipway::t::b" });
    const [risk] = review([before], [after]).risks;
    expect(risk).to.include({ kind: "data", level: "high" });
    expect(risk?.safePath).to.contain("alias");
  });

  it("is seen when protection or retention ends", () => {
    const report = review(
      [object(postgresCluster(), { protect: true, retainOnDelete: true })],
      [object(postgresCluster())],
    );
    expect(risksOf(report, "data")).to.have.length(2);
  });

  it("is seen when a backup's schedule or repository goes", () => {
    const after = postgresCluster({ backups: { pgbackrest: { repos: [{ name: "repo1" }] } } });
    expect(risksOf(review([object(postgresCluster())], [object(after)]), "data")).to.deep.equal([
      "PostgresCluster postgres/db: the backup schedule full of repo1 is taken away",
    ]);
  });

  it("is seen when a repository moves: the operator deletes the volume that it leaves", () => {
    const at = (place: object) =>
      object(
        postgresCluster({ backups: { pgbackrest: { repos: [{ name: "repo1", ...place }] } } }),
      );
    const [onVolume, inBucket, elsewhere] = [
      at({ volume: { volumeClaimSpec: {} } }),
      at({ s3: { bucket: "backups" } }),
      at({ gcs: { bucket: "others" } }),
    ];
    expect(risksOf(review([onVolume], [inBucket]), "data")).to.deep.equal([
      "PostgresCluster postgres/db: the backup repository repo1 in its volume is taken away",
    ]);
    expect(risksOf(review([inBucket], [elsewhere]), "data")).to.deep.equal([
      "PostgresCluster postgres/db: the backup repository repo1 in the bucket backups is taken away",
    ]);
    expect(risksOf(review([inBucket], [inBucket]), "data")).to.deep.equal([]);
  });

  it("is seen when a database changes its major version", () => {
    const report = review(
      [object(postgresCluster())],
      [object(postgresCluster({ postgresVersion: 18 }))],
    );
    expect(risksOf(report, "data")[0]).to.contain("PostgreSQL 17 becomes 18");
  });

  it("is seen when a member of a quorum goes, not when one comes", () => {
    const three = object(statefulSet());
    expect(risksOf(review([three], [object(statefulSet({ replicas: 1 }))]), "data")[0]).to.contain(
      "its members go from 3 to 1",
    );
    expect(risksOf(review([three], [object(statefulSet({ replicas: 5 }))]), "data")).to.deep.equal(
      [],
    );
  });

  it("is seen when volumes are no longer kept", () => {
    const volume = (policy: string) =>
      object({
        apiVersion: "v1",
        kind: "PersistentVolume",
        metadata: { name: "pv" },
        spec: { persistentVolumeReclaimPolicy: policy },
      });
    expect(risksOf(review([volume("Retain")], [volume("Delete")]), "data")[0]).to.contain(
      "becomes Delete",
    );
    expect(risksOf(review([volume("Delete")], [volume("Retain")]), "data")).to.deep.equal([]);
  });

  it("is none when a claim grows; a claim that shrinks is refused", () => {
    expect(review([object(claim("1Gi"))], [object(claim("2Gi"))]).risks).to.deep.equal([]);
    const report = review([object(claim("2Gi"))], [object(claim("1Gi"))]);
    expect(report.verdict.line).to.contain(
      "refused by the API server (PersistentVolumeClaim shop/pictures)",
    );
    expect(risksOf(report, "immutable")[0]).to.contain("a volume cannot shrink");
  });

  it("is none when a workload without volumes goes", () => {
    expect(risksOf(review([object(deployment())], []), "data")).to.deep.equal([]);
  });
});
