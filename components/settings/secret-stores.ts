import { z } from "zod";
import { dnsLabel } from "./values";

/** One key of a Secret that exists in the namespace of External Secrets. */
const secretKey = z.strictObject({
  secret: z
    .string()
    .min(1)
    .describe("The name of a Secret that exists in the namespace of External Secrets."),
  key: z.string().min(1).describe("The key in it."),
});

const namespaces = z
  .array(dnsLabel)
  .min(1)
  .optional()
  .describe("The namespaces that may use it.")
  .meta({ behaviour: "those that this program makes for applications" });

const ownIdentity = "the cloud's identity of External Secrets, without any key";

/** A place where secrets are kept, by its kind. */
const secretStore = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("vault").describe("HashiCorp Vault, or OpenBao."),
    server: z
      .url({
        protocol: /^https$/,
        error: 'an https:// address such as "https://vault.example.com"',
      })
      .describe("Its address."),
    path: z.string().min(1).default("secret").describe("Where its key-value engine is mounted."),
    version: z.literal(["v1", "v2"]).default("v2").describe("The version of the engine."),
    auth: z
      .discriminatedUnion("kind", [
        z.strictObject({
          kind: z
            .literal("kubernetes")
            .describe("By the ServiceAccount of External Secrets, without any key."),
          role: z.string().min(1).describe("The role in Vault."),
          mountPath: z
            .string()
            .min(1)
            .default("kubernetes")
            .describe("Where the authentication method is mounted."),
        }),
        z.strictObject({
          kind: z.literal("appRole").describe("By a role and its secret."),
          roleId: z.string().min(1).describe("The id of the role."),
          secretId: secretKey.describe("The role's secret."),
          mountPath: z
            .string()
            .min(1)
            .default("approle")
            .describe("Where the authentication method is mounted."),
        }),
      ])
      .describe("How External Secrets proves who it is."),
    namespaces,
  }),
  z.strictObject({
    kind: z.literal("aws").describe("AWS Secrets Manager, or its Parameter Store."),
    region: z
      .string()
      .min(1)
      .describe("The region.")
      .meta({ examples: ["eu-central-1"] }),
    service: z
      .enum(["SecretsManager", "ParameterStore"])
      .default("SecretsManager")
      .describe("Which of the two."),
    role: z
      .string()
      .regex(/^arn:/, {
        error: 'the ARN of a role such as "arn:aws:iam::123456789012:role/secrets"',
      })
      .optional()
      .describe("A role to assume.")
      .meta({ behaviour: "the identity's own rights" }),
    accessKey: z
      .strictObject({
        id: secretKey.describe("Its id."),
        secret: secretKey.describe("Its secret."),
      })
      .optional()
      .describe("A static access key.")
      .meta({ behaviour: ownIdentity }),
    namespaces,
  }),
  z.strictObject({
    kind: z.literal("gcp").describe("Google Secret Manager."),
    project: z.string().min(1).describe("The id of the project."),
    serviceAccountKey: secretKey
      .optional()
      .describe("The key of a service account, as JSON.")
      .meta({ behaviour: ownIdentity }),
    namespaces,
  }),
  z.strictObject({
    kind: z.literal("azure").describe("Azure Key Vault."),
    vaultUrl: z
      .url({
        protocol: /^https$/,
        error: 'an https:// address such as "https://my.vault.azure.net"',
      })
      .describe("The address of the vault."),
    servicePrincipal: z
      .strictObject({
        tenantId: z.string().min(1).describe("Its tenant."),
        clientId: secretKey.describe("Its client id."),
        clientSecret: secretKey.describe("Its client secret."),
      })
      .optional()
      .describe("A service principal with a secret.")
      .meta({ behaviour: ownIdentity }),
    namespaces,
  }),
  z.strictObject({
    kind: z.literal("kubernetes").describe("Secrets of another namespace of the cluster."),
    namespace: dnsLabel.describe("The namespace that holds them."),
    secrets: z
      .array(z.string().min(1))
      .min(1)
      .describe("The names of exactly the Secrets that may be read."),
    namespaces,
  }),
]);

/** `slipway:platform.externalSecrets.stores`: where secrets are kept, by the name applications use. */
export const secretStores = z
  .record(dnsLabel, secretStore)
  .default({})
  .describe("Where secrets are kept that applications read, by the name that they use for it.")
  .meta({
    examples: [
      {
        vault: {
          kind: "vault",
          server: "https://vault.example.com",
          auth: { kind: "kubernetes", role: "slipway" },
        },
      },
    ],
  });

export type SecretStoreSettings = z.infer<typeof secretStore>;
