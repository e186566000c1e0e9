import { z } from "zod";
import { addresses, byteSize, dnsLabel, storageClass, typicalUse } from "./values";

const minio = z
  .strictObject({
    kind: z.literal("minio").describe("MinIO runs in the cluster."),
    servers: z
      .int()
      .min(1)
      .max(32)
      .describe("MinIO pods; four or more for erasure coding, or one.")
      .meta({ unit: "pods" }),
    tls: z
      .boolean()
      .default(true)
      .describe(
        "Whether servers and clients speak TLS, with a certificate of the stack's own authority, which clients get beside their keys.",
      ),
    drivesPerServer: z.int().min(1).max(8).default(1).describe("Volumes of each pod."),
    storage: z
      .strictObject({
        size: byteSize.describe("The size of each drive's volume."),
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
  });

/**
 * Who a client is to a cloud that has the buckets.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/service-accounts.html
 */
const identity = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("aws").describe("Amazon Web Services."),
    roleArn: z
      .string()
      .regex(/^arn:aws[a-z-]*:iam::[0-9]{12}:role\/[\w+=,.@/-]+$/, {
        error: 'the ARN of a role such as "arn:aws:iam::123456789012:role/storefront"',
      })
      .optional()
      .describe("The role that its ServiceAccounts may assume.")
      .meta({ behaviour: "an EKS Pod Identity association names it" }),
  }),
  z.strictObject({
    kind: z.literal("gcp").describe("Google Cloud."),
    serviceAccount: z
      .email({ error: 'an address such as "storefront@acme.iam.gserviceaccount.com"' })
      .describe("The address of the Google service account."),
  }),
  z.strictObject({
    kind: z.literal("azure").describe("Microsoft Azure."),
    clientId: z
      .uuid({ error: "a UUID in lower case" })
      .describe("The client id of the managed identity."),
  }),
]);

const ofBuckets = z.record(z.string(), z.string().min(1)).default({});

const external = z.strictObject({
  kind: z
    .literal("external")
    .describe("It is there already, outside the cluster, with its buckets."),
  endpoint: z
    .url({
      protocol: /^https?$/,
      error: 'an address such as "https://s3.eu-central-1.amazonaws.com"',
    })
    .describe("Its address."),
  region: z
    .string()
    .min(1)
    .default("us-east-1")
    .describe("Its region.")
    .meta({ examples: ["eu-central-1"] }),
  addresses,
  uriStyle: z
    .enum(["path", "host"])
    .default("path")
    .describe(
      "Where pgBackRest names a bucket: in the path of a URL, or in front of the host name.",
    ),
  buckets: ofBuckets.describe("What a bucket is called there, by the name applications use.").meta({
    behaviour: "it is called the same",
    examples: [{ "profile-pictures": "acme-production-profile-pictures" }],
  }),
  access: z
    .discriminatedUnion("kind", [
      z.strictObject({
        kind: z.literal("keys").describe("By a Secret with accessKey and secretKey."),
        store: dnsLabel.describe("The store of slipway:platform.externalSecrets.stores to read."),
        secrets: ofBuckets.describe("The Secret in the store, by <application>/<bucket>.").meta({
          behaviour: "each is called <application>-<bucket>",
          examples: [{ "storefront/profile-pictures": "production/objects/pictures" }],
        }),
      }),
      z.strictObject({
        kind: z
          .literal("identity")
          .describe("By the cloud's own identity of pods, without any key."),
        identities: z
          .record(dnsLabel, identity)
          .describe(
            "Who each application that demands a bucket is, by its name, and postgres where its backups are here.",
          )
          .meta({
            examples: [
              { storefront: { kind: "aws", roleArn: "arn:aws:iam::123456789012:role/storefront" } },
            ],
          }),
      }),
    ])
    .describe("How applications prove who they are."),
});

/** `slipway:data.objectStore`. */
export const objectStoreSettings = z
  .discriminatedUnion("kind", [minio, external])
  .describe("The object store.");

export type ExternalObjectStoreSettings = z.infer<typeof external>;
export type CloudIdentitySettings = z.infer<typeof identity>;
