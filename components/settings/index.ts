import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { applicationSettings } from "./applications";
import { clusterSettings } from "./cluster";
import { dataSettings } from "./data";
import { describeIssues, problemsText } from "./errors";
import { knownKeys } from "./json-schema";
import { platformSettings } from "./platform";
import { chartSettings, imageSettings } from "./supply";
import { dnsLabel } from "./values";

/** Everything a stack file may say under the project's own namespace. */
export const settingsSchema = z.strictObject({
  environment: dnsLabel
    .describe("The environment's name; every object of an application carries it as a label.")
    .meta({ examples: ["production"] }),
  cluster: clusterSettings,
  retention: z
    .enum(["keep", "delete"])
    .default("keep")
    .describe(
      "What becomes of data when its resource goes: keep protects and retains everything that holds data; delete is for sandboxes.",
    ),
  charts: chartSettings.prefault({}),
  images: imageSettings,
  platform: platformSettings,
  data: dataSettings,
  applications: applicationSettings,
});

/** A stack's settings: plain, validated values. */
export type Settings = Readonly<z.infer<typeof settingsSchema>>;

const project = "slipway";

/**
 * Reads and checks the whole configuration of the stack. It is the only reader of Pulumi's config.
 *
 * The engine checks only the keys that Pulumi.yaml declares, so every key under the project's namespace
 * is walked here, and one that is not known is an error.
 * @throws `pulumi.RunError` with every problem at once: path, what it got, what it may be. The engine
 * prints its message without a stack trace.
 */
export function readSettings(): Settings {
  return parseSettings(projectConfig(pulumi.runtime.allConfig()));
}

/**
 * Checks settings that were read.
 * @throws `pulumi.RunError` with every problem at once.
 */
export function parseSettings(input: Readonly<Record<string, unknown>>): Settings {
  const result = settingsSchema.safeParse(input);
  if (!result.success) {
    const problems = describeIssues(result.error.issues, input, knownKeys(settingsSchema));
    throw new pulumi.RunError(problemsText(problems));
  }
  return result.data;
}

/** The keys of the project's namespace, with maps and lists parsed: the engine hands them over as JSON. */
export function projectConfig(config: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(`${project}:`))
      .map(([key, value]) => [key.slice(project.length + 1), parseValue(value)]),
  );
}

function parseValue(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) {
    return text;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
