import { z } from "zod";
import {
  addresses,
  bucketName,
  byteSize,
  dnsLabel,
  hostName,
  replicas,
  storageClass,
  typicalUse,
} from "./values";

const cron = z.string().regex(/^(\S+\s+){4}\S+$/, {
  error: 'a cron schedule of five fields such as "0 1 * * 0"',
});

/** A moment that pgBackRest can go back to. */
const moment = z
  .union(
    [
      z.literal("latest"),
      z
        .string()
        .regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}(:[0-9]{2})?$/),
    ],
    { error: 'either latest, or a moment with its zone, such as "2026-11-21 09:30:00+00"' },
  )
  .describe("The moment to go back to; latest is the end of the last archived transaction log.")
  .meta({ examples: ["2026-11-21 09:30:00+00"] });

/** A folder of a bucket, such as pgBackRest's `repo1-path`. */
const folder = z.string().regex(/^(\/[A-Za-z0-9][A-Za-z0-9._-]*)+$/, {
  error: 'a path from the root of the bucket, such as "/db"',
});

/** A parameter that is a number may be written as a text. */
function isCount(value: string | number | boolean | undefined): boolean {
  return value === undefined || /^[1-9][0-9]*$/.test(String(value));
}

const schedules = {
  full: cron.default("0 1 * * 0").describe("When a full backup is taken, in UTC."),
  differential: cron
    .default("0 1 * * 1-6")
    .describe("When what changed since the last full backup is taken, in UTC."),
  retentionDays: z
    .int()
    .min(1)
    .default(14)
    .describe("How long full backups are kept.")
    .meta({ unit: "days" }),
};

const pgo = z
  .strictObject({
    kind: z.literal("pgo").describe("The Crunchy operator runs it, as the PostgresCluster db."),
    version: z.int().min(16).max(18).describe("The major version of Postgres."),
    instances: z
      .int()
      .min(1)
      .max(9)
      .describe("Postgres pods: one primary, the rest replicas.")
      .meta({ unit: "pods" }),
    synchronous: z
      .boolean()
      .default(false)
      .describe("Whether a commit waits until a replica has it; needs two instances."),
    storage: z
      .strictObject({
        size: byteSize.describe("The size of each instance's volume."),
        storageClass,
      })
      .describe("The volume of each instance."),
    backups: z
      .discriminatedUnion("kind", [
        z.strictObject({
          kind: z.literal("volume").describe("On a volume beside the databases."),
          size: byteSize.describe("The size of the backup repository's volume."),
          storageClass,
          ...schedules,
        }),
        z.strictObject({
          kind: z
            .literal("objectStore")
            .describe("In a bucket of slipway:data.objectStore, as the user postgres of it."),
          bucket: bucketName
            .default("postgres-backups")
            .describe(
              "The bucket, which no application uses; in a store outside it has to be there.",
            ),
          path: folder
            .default("/db")
            .describe("Where in the bucket this cluster's backups are, and no other's."),
          ...schedules,
        }),
      ])
      .describe("pgBackRest's repository."),
    restore: z
      .strictObject({
        id: dnsLabel.describe(
          "Names this restore, which is done once; another name restores again. Every database goes back, and stops meanwhile.",
        ),
        to: moment,
      })
      .optional()
      .describe("Puts the whole cluster back to a moment of its own backups.")
      .meta({ behaviour: "nothing is restored" }),
    dataSource: z
      .discriminatedUnion("kind", [
        z.strictObject({
          kind: z.literal("cluster").describe("A PostgresCluster of the same Kubernetes cluster."),
          cluster: dnsLabel.describe("The PostgresCluster whose backups it starts from."),
          namespace: dnsLabel.describe("The namespace of that cluster."),
          to: moment,
        }),
        z.strictObject({
          kind: z
            .literal("objectStore")
            .describe(
              "Backups in the bucket of backups; whose they are need not be there any more.",
            ),
          path: folder.describe("Where in the bucket they are."),
          to: moment,
        }),
      ])
      .optional()
      .describe("What a new cluster starts from; one that exists takes no notice.")
      .meta({ behaviour: "a new cluster is empty" }),
    pgBouncer: z
      .strictObject({
        replicas: replicas.describe(
          "Pods of the connection pooler; each lets 1000 clients in, and one may be away.",
        ),
      })
      .describe("The connection pooler."),
    parameters: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .default({ max_connections: 500 })
      .refine(({ max_connections: connections }) => isCount(connections), {
        error: "a whole number of connections",
        path: ["max_connections"],
      })
      .describe(
        "Parameters of postgresql.conf; the applications' connections have to fit max_connections, which is 100 where it is left out.",
      )
      .meta({ examples: [{ max_connections: 500 }] }),
    resources: typicalUse({ cpu: "500m", memory: "1Gi" }),
  })
  .refine(({ synchronous, instances }) => !synchronous || instances > 1, {
    error: "at least 2 when synchronous is true: a commit would wait for a replica for ever",
    path: ["instances"],
  })
  .refine(
    ({ backups, dataSource }) =>
      dataSource?.kind !== "objectStore" || backups.kind === "objectStore",
    {
      error: "cluster where backups.kind is volume: there is no bucket to read",
      path: ["dataSource", "kind"],
    },
  )
  .refine(
    ({ backups, dataSource }) =>
      dataSource?.kind !== "objectStore" ||
      backups.kind !== "objectStore" ||
      dataSource.path !== backups.path,
    {
      error:
        "another than backups.path: the new cluster would write over the backups that it starts from",
      path: ["dataSource", "path"],
    },
  );

/** The store that holds some Secrets, one of `slipway:platform.externalSecrets.stores`. */
const store = dnsLabel.describe("The store of slipway:platform.externalSecrets.stores to read.");

const external = z.strictObject({
  kind: z.literal("external").describe("It is there already, outside the cluster."),
  addresses,
  port: z
    .int()
    .min(1)
    .max(65_535)
    .default(5432)
    .describe("The TCP port that network policies open."),
  tls: z
    .enum(["disable", "require", "verify-full"])
    .default("require")
    .describe(
      "How clients connect, as sslmode in the URL; for verify-full their images have to trust its authority.",
    ),
  users: z
    .discriminatedUnion("kind", [
      z.strictObject({
        kind: z
          .literal("given")
          .describe(
            "Each database and its user are there, and a Secret with host, port, user, password and dbname.",
          ),
        store,
        secrets: z
          .record(z.string(), z.string().min(1))
          .default({})
          .describe("The Secret in the store, by <application>/<database>.")
          .meta({
            behaviour: "each is called <application>-<database>",
            examples: [{ "storefront/orders": "production/postgres/orders" }],
          }),
      }),
      z.strictObject({
        kind: z
          .literal("created")
          .describe("A Job of this program makes databases, users and their passwords."),
        host: hostName.describe("The host name of the server."),
        store,
        adminSecret: z
          .string()
          .min(1)
          .describe(
            "The Secret in the store with the user and password of a role that may create roles and databases.",
          ),
        database: z
          .string()
          .min(1)
          .default("postgres")
          .describe("The database that the administrator connects to."),
      }),
    ])
    .describe("Where the databases and users come from that applications demand."),
});

/** `slipway:data.postgres`. */
export const postgresSettings = z
  .discriminatedUnion("kind", [pgo, external])
  .describe("Postgres: the databases.");

export type ExternalPostgresSettings = z.infer<typeof external>;
