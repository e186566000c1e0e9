import { z } from "zod";
import { duration, quantity, storageClass, typicalUse } from "./values";

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

/** `slipway:data.nats`. */
export const natsSettings = z
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
