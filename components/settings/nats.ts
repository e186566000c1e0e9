import { z } from "zod";
import { byteSize, duration, quantity, storageClass, typicalUse } from "./values";

/**
 * A NATS subject, wildcards included.
 * @see https://docs.nats.io/nats-concepts/subjects
 */
const subject = z.string().regex(/^([A-Za-z0-9_-]+|\*)(\.([A-Za-z0-9_-]+|\*))*(\.>)?$/, {
  error: 'a NATS subject such as "msg.>", "orders.*.created" or "orders.created"',
});

const count = z.int().min(1).optional();
const unbounded = { behaviour: "any number", unit: "messages" } as const;

/**
 * A durable pull consumer.
 * @see https://docs.nats.io/nats-concepts/jetstream/consumers
 */
const consumer = z.strictObject({
  ackWait: duration
    .default("30s")
    .describe("How long a message may stay unacknowledged before it is delivered again."),
  maxDeliver: count
    .describe("How often a message is delivered at most.")
    .meta({ behaviour: "until it is acknowledged", unit: "times" }),
  maxAckPending: z
    .int()
    .min(1)
    .default(1000)
    .describe("How many messages may be unacknowledged at once.")
    .meta({ unit: "messages" }),
  deliver: z
    .enum(["all", "new"])
    .default("all")
    .describe("Where it starts when it is made; JetStream refuses to change it afterwards."),
  filter: z
    .array(subject)
    .min(1)
    .optional()
    .describe("The subjects it is given.")
    .meta({ behaviour: "all of the stream" }),
});

/** How a stream serves one consumer. */
export type ConsumerSettings = z.infer<typeof consumer>;

/** What a consumer is served by when the stack does not say. */
export const consumerDefaults: ConsumerSettings = consumer.parse({});

const stream = z.strictObject({
  subjects: z.array(subject).min(1).describe("The subjects whose messages the stream keeps."),
  maxAge: duration.default("7d").describe("How long a message is kept."),
  maxBytes: quantity
    .optional()
    .describe("The most the stream may hold.")
    .meta({ behaviour: "what JetStream has room for" }),
  maxMessages: count.describe("The most messages the stream may hold.").meta(unbounded),
  maxMessagesPerSubject: count
    .describe("The most messages of one subject the stream may hold.")
    .meta(unbounded),
  maxMessageSize: quantity
    .optional()
    .describe("The largest message the stream takes.")
    .meta({ behaviour: "2MB, which is the most the servers take" }),
  retention: z
    .enum(["limits", "interest", "workqueue"])
    .default("limits")
    .describe(
      "When a message goes: at the limits alone, once every consumer has it, or once one has it. JetStream refuses to change it to or from workqueue.",
    ),
  discard: z
    .enum(["old", "new"])
    .default("old")
    .describe("What goes when the stream is full: the oldest message, or the one that comes."),
  replicas: z
    .literal([1, 3, 5])
    .optional()
    .describe("Copies of the stream on different servers.")
    .meta({ behaviour: "3, or 1 on one server", unit: "copies" }),
  duplicateWindow: duration
    .default("2m")
    .describe("How long a message with an id that was seen is dropped."),
  consumers: z
    .record(z.string(), consumer)
    .default({})
    .describe("How the consumers that applications demand are served, by their names.")
    .meta({
      behaviour: "each as the defaults say",
      examples: [{ notifications: { ackWait: "1m", maxDeliver: 5 } }],
    }),
});

/** `slipway:data.nats`. */
export const natsSettings = z
  .strictObject({
    servers: z
      .literal([1, 3, 5])
      .describe("Servers of the cluster; an odd number, so that a majority can be found."),
    tls: z
      .boolean()
      .default(true)
      .describe(
        "Whether clients connect by TLS, with a certificate of the stack's own authority, which they get beside their password.",
      ),
    storage: z
      .discriminatedUnion("kind", [
        z.strictObject({
          kind: z.literal("file").describe("Streams are kept on a volume for each server."),
          size: byteSize.describe("The size of each server's volume."),
          storageClass,
        }),
        z.strictObject({
          kind: z.literal("memory").describe("Streams are kept in memory and lost with the pods."),
          size: byteSize.describe("The memory JetStream may use on each server."),
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
      .prefault({ messages: { subjects: ["msg.>"], maxAge: "7d" } })
      .describe("The streams, by name. One that is taken out of this table keeps its messages.")
      .meta({ examples: [{ messages: { subjects: ["msg.>"], maxAge: "7d" } }] }),
    resources: typicalUse({ cpu: "200m", memory: "512Mi" }),
  })
  .describe("NATS with JetStream: the message bus.");
