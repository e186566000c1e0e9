import { z } from "zod";
import { dnsLabel, duration, quantity, replicas, storageClass } from "./values";

/** What each pod of a service uses in its ordinary hours; its limits follow from it. */
const typicalUse = (typical: { readonly cpu: string; readonly memory: string }) =>
  z
    .strictObject({
      cpu: quantity
        .default(typical.cpu)
        .describe("CPU, in cores; the limit is four times as much."),
      memory: quantity
        .default(typical.memory)
        .describe("Memory, in bytes; the limit is twice as much."),
    })
    .prefault({})
    .describe("What each pod uses in its ordinary hours; becomes its requests.");

/**
 * A NATS subject, wildcards included.
 * @see https://docs.nats.io/nats-concepts/subjects
 */
const subject = z.string().regex(/^([A-Za-z0-9_-]+|\*)(\.([A-Za-z0-9_-]+|\*))*(\.>)?$/, {
  error: 'a NATS subject such as "msg.>", "orders.*.created" or "orders.created"',
});

const stream = z.strictObject({
  subjects: z.array(subject).min(1).describe("The subjects whose messages the stream keeps."),
  maxAge: duration.default("7d").describe("How long a message is kept."),
  maxBytes: quantity
    .optional()
    .describe("The most the stream may hold; the oldest messages go first.")
    .meta({ behaviour: "what JetStream has room for" }),
});

const natsSettings = z
  .strictObject({
    servers: z
      .literal([1, 3, 5])
      .describe("Servers of the cluster; an odd number, so that a majority can be found."),
    storage: z
      .discriminatedUnion("kind", [
        z.strictObject({
          kind: z.literal("file").describe("Streams are kept on a volume for each server."),
          size: quantity.describe("The size of each server's volume."),
          storageClass,
        }),
        z.strictObject({
          kind: z.literal("memory").describe("Streams are kept in memory and lost with the pods."),
          size: quantity.describe("The memory JetStream may use on each server."),
        }),
      ])
      .describe("Where JetStream keeps its streams."),
    streams: z
      .record(
        z.string().regex(/^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$/, {
          error: "a stream name: at most 32 lower-case letters, digits and hyphens",
        }),
        stream,
      )
      .default({ messages: { subjects: ["msg.>"], maxAge: "7d" } })
      .describe("The streams, by name. One that is taken out of this table keeps its messages.")
      .meta({ examples: [{ messages: { subjects: ["msg.>"], maxAge: "7d" } }] }),
    resources: typicalUse({ cpu: "200m", memory: "512Mi" }),
  })
  .describe("NATS with JetStream: the message bus.");

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

/** A parameter that is a number may be written as a text. */
function isCount(value: string | number | boolean | undefined): boolean {
  return value === undefined || /^[1-9][0-9]*$/.test(String(value));
}

const postgresSettings = z
  .strictObject({
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
        size: quantity.describe("The size of each instance's volume."),
        storageClass,
      })
      .describe("The volume of each instance."),
    backups: z
      .strictObject({
        size: quantity.describe("The size of the backup repository's volume."),
        storageClass,
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
      })
      .describe("pgBackRest's repository, on a volume."),
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
      .strictObject({
        cluster: dnsLabel.describe("The PostgresCluster whose backups it starts from."),
        namespace: dnsLabel.describe("The namespace of that cluster."),
        to: moment,
      })
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
  .describe("Postgres, run by the Crunchy operator as the PostgresCluster db.");

const objectStoreSettings = z
  .strictObject({
    servers: z
      .int()
      .min(1)
      .max(32)
      .describe("MinIO pods; four or more for erasure coding, or one.")
      .meta({ unit: "pods" }),
    drivesPerServer: z.int().min(1).max(8).default(1).describe("Volumes of each pod."),
    storage: z
      .strictObject({
        size: quantity.describe("The size of each drive's volume."),
        storageClass,
      })
      .describe("The volume of each drive."),
    resources: typicalUse({ cpu: "250m", memory: "1Gi" }),
  })
  .refine(({ servers }) => servers === 1 || servers >= 4, {
    error: "1 server, or at least 4: erasure coding needs four drives",
    path: ["servers"],
  })
  .refine(({ servers, drivesPerServer }) => servers > 1 || drivesPerServer === 1, {
    error: "1 when there is one server: a standalone MinIO has one drive",
    path: ["drivesPerServer"],
  })
  .describe("MinIO: the object store.");

/** `slipway:data`: the services that hold state. */
export const dataSettings = z
  .strictObject({
    nats: natsSettings,
    postgres: postgresSettings,
    objectStore: objectStoreSettings,
  })
  .describe("The services that hold state.");

export type DataSettings = z.infer<typeof dataSettings>;
export type NatsSettings = DataSettings["nats"];
export type PostgresSettings = DataSettings["postgres"];
export type ObjectStoreSettings = DataSettings["objectStore"];
