/** The parts of JSON Schema that our settings use. */
export interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  /** What the number counts, such as pods. */
  readonly unit?: string;
  /** What happens when the key is left out and no value stands in for it. */
  readonly behaviour?: string;
}

/** The keys of a stack file that belong to the Pulumi engine. */
const engineKeys = {
  secretsprovider: {
    type: "string",
    description: "How secrets in this file are encrypted: a KMS key, a vault, or a passphrase.",
  },
  encryptedkey: { type: "string", description: "Written by Pulumi; leave it as it is." },
  encryptionsalt: { type: "string", description: "Written by Pulumi; leave it as it is." },
  environment: { description: "Pulumi ESC environments to import." },
} as const;

/** The JSON Schema of a whole stack file: our settings under their full keys, and the engine's own. */
export function stackFileSchema(settings: SchemaNode): Readonly<Record<string, unknown>> {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "A stack of Slipway",
    type: "object",
    required: ["config"],
    additionalProperties: false,
    properties: {
      ...engineKeys,
      config: {
        type: "object",
        required: (settings.required ?? []).map(fullKey),
        properties: Object.fromEntries(
          Object.entries(settings.properties ?? {}).map(([key, node]) => [fullKey(key), node]),
        ),
        patternProperties: { "^(?!slipway:)": {} },
        additionalProperties: false,
      },
    },
  };
}

/** A setting's key as it is written in a stack file. */
export function fullKey(key: string): string {
  return `slipway:${key}`;
}
