import { z } from "zod";
import { quantity, replicas } from "./values";

const storageClass = z
  .string()
  .min(1)
  .optional()
  .describe("The StorageClass of the volumes.")
  .meta({ behaviour: "the cluster's default StorageClass" });

/** `slipway:data`: the services that hold state. */
export const dataSettings = z
  .strictObject({
    nats: z
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
              kind: z
                .literal("memory")
                .describe("Streams are kept in memory and lost with the pods."),
              size: quantity.describe("The memory JetStream may use on each server."),
            }),
          ])
          .describe("Where JetStream keeps its streams."),
      })
      .describe("NATS with JetStream: the message bus."),
    postgres: z
      .strictObject({
        version: z.int().min(16).max(18).describe("The major version of Postgres."),
        instances: z
          .int()
          .min(1)
          .max(9)
          .describe("Postgres pods: one primary, the rest replicas.")
          .meta({ unit: "pods" }),
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
          })
          .describe("The volume that pgBackRest keeps backups on."),
        pgBouncer: z
          .strictObject({ replicas: replicas.describe("Pods of the connection pooler.") })
          .describe("The connection pooler."),
        parameters: z
          .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
          .default({ max_connections: 500 })
          .describe("Parameters of postgresql.conf.")
          .meta({ examples: [{ max_connections: 500 }] }),
      })
      .describe("Postgres, run by the Crunchy operator as the PostgresCluster db."),
    objectStore: z
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
      })
      .refine(({ servers }) => servers === 1 || servers >= 4, {
        error: "1 server, or at least 4: erasure coding needs four drives",
        path: ["servers"],
      })
      .describe("MinIO: the object store."),
  })
  .describe("The services that hold state.");

export type DataSettings = z.infer<typeof dataSettings>;
