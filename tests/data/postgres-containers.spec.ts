import { expect } from "chai";
import { parse } from "yaml";
import { postgresClusterSpec } from "../../components/data/postgres-cluster";
import { chartFact } from "../support/chart-facts";
import { dataOf } from "../support/rooms";

const moment = { to: "2026-11-21 09:30:00+00" };
const spec: unknown = postgresClusterSpec(
  dataOf({
    postgres: {
      restore: { id: "bad-migration", ...moment },
      dataSource: { kind: "cluster", cluster: "db", namespace: "old", ...moment },
    },
  }).postgres,
  [],
  { isScraped: true },
);

/**
 * Every container that PGO 5.8 and 6.0 make for a cluster like ours, and the field whose `resources` it
 * gets; an init container has those of the container beside it.
 * @see https://github.com/CrunchyData/postgres-operator/blob/v6.0.3/internal/naming/names.go
 */
const containers: Readonly<Record<string, string>> = {
  "database of an instance": "instances[0]",
  "postgres-startup of an instance": "instances[0]",
  "nss-wrapper-init of an instance": "instances[0]",
  "replication-cert-copy of an instance": "instances[0].sidecars.replicaCertCopy",
  "pgbackrest of an instance": "backups.pgbackrest.sidecars.pgbackrest",
  "pgbackrest-config of an instance": "backups.pgbackrest.sidecars.pgbackrestConfig",
  "exporter of an instance": "monitoring.pgmonitor.exporter",
  "pgbackrest of the repository host": "backups.pgbackrest.repoHost",
  "pgbackrest-log-dir of the repository host": "backups.pgbackrest.repoHost",
  "nss-wrapper-init of the repository host": "backups.pgbackrest.repoHost",
  "pgbackrest-config of the repository host": "backups.pgbackrest.sidecars.pgbackrestConfig",
  "pgbackrest of a backup Job": "backups.pgbackrest.jobs",
  "pgbackrest-restore of a restore": "backups.pgbackrest.restore",
  "nss-wrapper-init of a restore": "backups.pgbackrest.restore",
  "pgbackrest-restore of a new cluster": "dataSource.postgresCluster",
  "pgbouncer of a pooler": "proxy.pgBouncer",
  "pgbouncer-config of a pooler": "proxy.pgBouncer.sidecars.pgbouncerConfig",
};

/** Fields of pods that we do not ask for: other tools, containers of one's own, and data that is moved. */
const unused = [
  "dataSource.pgbackrest",
  "instances.containers",
  "instrumentation",
  "proxy.pgBouncer.containers",
  "userInterface.pgAdmin",
];

describe("a container that the operator makes", () => {
  for (const [container, field] of Object.entries(containers)) {
    it(`is limited: ${container}`, () => {
      for (const kind of ["requests", "limits"]) {
        expect(spec, field)
          .to.have.nested.property(`${field}.resources.${kind}`)
          .that.has.keys("cpu", "memory");
      }
    });
  }

  it("is one of these, by the operator's real definitions, 5.8 and 6.0", function () {
    const known = [
      ...Object.values(containers).map((field) => field.replace("[0]", "")),
      ...unused,
    ];
    for (const version of ["5.8.5", "6.0.3"]) {
      const { read } = chartFact(this, "pgo", `crds/postgresclusters-${version}.yaml`);
      const fields = resourceFields(parse(read()));
      expect(fields, version).to.include("proxy.pgBouncer");
      expect(
        fields.filter((field) => !known.includes(field)),
        version,
      ).to.deep.equal([]);
    }
  });
});

/** The fields of a definition's spec that have the resources of a container; a volume's have no `claims`. */
function resourceFields(definition: unknown): readonly string[] {
  const versions = at(at(definition, "spec"), "versions") as readonly unknown[];
  const version = versions.find((each) => at(each, "name") === "v1beta1");
  const schema = at(at(version, "schema"), "openAPIV3Schema");
  return walk(at(at(schema, "properties"), "spec"), []);

  function walk(node: unknown, path: readonly string[]): readonly string[] {
    const properties = at(node, "properties");
    const items = at(node, "items");
    const isContainer = at(at(at(properties, "resources"), "properties"), "claims") !== undefined;
    return [
      ...(isContainer ? [path.join(".")] : []),
      ...Object.entries(properties ?? {}).flatMap(([key, below]) => walk(below, [...path, key])),
      ...(items === undefined ? [] : walk(items, path)),
    ];
  }

  function at(node: unknown, key: string): unknown {
    return typeof node === "object" && node !== null
      ? (node as Readonly<Record<string, unknown>>)[key]
      : undefined;
  }
}
