import { type PolicyConfigSchema } from "@pulumi/policy";
import { PROFILES } from "../core/profile";
import { SETTINGS } from "../core/settings";

const strings = { type: "array", items: { type: "string" } } as const;

/** The settings as properties of a JSON Schema, each with its default and its sentence. */
function settingProperties(): Record<string, object> {
  const { numbers, texts, lists } = SETTINGS;
  const describe =
    (type: object) => (entry: [string, { default: unknown; description: string }]) => {
      const [name, { default: value, description }] = entry;
      return [name, { ...type, default: value, description }] as const;
    };
  return Object.fromEntries([
    ...Object.entries(numbers).map(describe({ type: "number" })),
    ...Object.entries(texts).map(describe({ type: "string" })),
    ...Object.entries(lists).map(describe(strings)),
  ]);
}

/** What `--policy-pack-config` may say under "configuration"; the same keys as `policy check --config`. */
export const CONFIG_SCHEMA = {
  properties: {
    profile: { type: "string", enum: [...PROFILES], default: "production" },
    rules: {
      type: "object",
      description: "Levels of single rules, by rule id.",
      additionalProperties: { type: "string", enum: ["mandatory", "advisory", "off"] },
    },
    settings: { type: "object", properties: settingProperties(), additionalProperties: false },
    exemptNamespaces: { ...strings, description: "Namespaces whose objects are not judged." },
    exemptions: {
      type: "array",
      items: {
        type: "object",
        required: ["rules", "object", "reason"],
        properties: {
          rules: strings,
          object: {
            type: "string",
            description: "Kind/namespace/name; * stands for any text in one part.",
          },
          container: { type: "string" },
          reason: { type: "string", minLength: 1 },
          expires: { type: "string", description: "Last day it counts, YYYY-MM-DD." },
        },
      },
    },
  },
} satisfies PolicyConfigSchema;
