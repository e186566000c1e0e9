import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import {
  applicationSettings,
  previewSettings,
  tenantSettings,
  type ApplicationSettings,
} from "./applications";
import { clusterSettings } from "./cluster";
import { dataSettings } from "./data";
import { dataProblems } from "./data-problems";
import { describeIssues, nearestOf, problemsText, type SettingsProblem } from "./errors";
import { imageProblems } from "./image-problems";
import { knownKeys } from "./json-schema";
import { platformSettings, type PlatformSettings } from "./platform";
import {
  platformStackSettings,
  previewEnvironmentSettings,
  roomProblems,
  roomSettings,
} from "./rooms";
import { chartSettings, imageSettings, type ImageSettings } from "./supply";
import { dnsLabel } from "./values";

/** Everything a stack file may say under the project's own namespace. */
export const settingsSchema = z.strictObject({
  environment: dnsLabel
    .describe("The environment's name; every object of an application carries it as a label.")
    .meta({ examples: ["production"] }),
  cluster: clusterSettings,
  rooms: roomSettings,
  platformStack: platformStackSettings,
  previewEnvironment: previewEnvironmentSettings,
  retention: z
    .enum(["keep", "delete"])
    .default("keep")
    .describe(
      "What becomes of data when its resource goes: keep protects and retains everything that holds data; delete is for sandboxes.",
    ),
  allowReplacement: z
    .array(
      z.string().regex(/^[A-Z][A-Za-z]*(\/[a-z0-9][a-z0-9.-]*){1,2}$/, {
        error: 'an object as Kind/namespace/name, such as "StatefulSet/nats/nats"',
      }),
    )
    .default([])
    .describe(
      "Objects that may be deleted and made anew where an edit touches a field that cannot change; any other such edit is refused. Meant for one run.",
    )
    .meta({ examples: [["StatefulSet/nats/nats"]] }),
  charts: chartSettings.prefault({}),
  images: imageSettings.optional().meta({ behaviour: "required with apps" }),
  platform: platformSettings.optional().meta({ behaviour: "required with the room" }),
  data: dataSettings.optional().meta({ behaviour: "required with the room" }),
  tenants: tenantSettings,
  previews: previewSettings,
  applications: applicationSettings.optional().meta({ behaviour: "required with apps" }),
});

type Parsed = z.infer<typeof settingsSchema>;

/** The platform is the stack's own, or that of another stack. */
type PlatformChoice =
  | { readonly platform: PlatformSettings; readonly platformStack?: undefined }
  | { readonly platform?: undefined; readonly platformStack: string };

/** What is deployed, where the stack deploys applications. */
type ApplicationChoice =
  | { readonly applications: ApplicationSettings; readonly images: ImageSettings }
  | { readonly applications?: undefined; readonly images?: ImageSettings };

/** A stack's settings: plain, validated values. */
export type Settings = Readonly<
  Omit<Parsed, "rooms" | "platform" | "platformStack" | "applications" | "images">
> &
  PlatformChoice &
  ApplicationChoice;

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
  const config = pulumi.runtime.allConfig();
  return parseSettings(projectConfig(config), misspeltNamespaces(config));
}

/**
 * Checks settings that were read.
 * @throws `pulumi.RunError` with every problem at once.
 */
export function parseSettings(
  input: Readonly<Record<string, unknown>>,
  found: readonly SettingsProblem[] = [],
): Settings {
  const result = settingsSchema.safeParse(input);
  const problems = [
    ...found,
    ...(result.success
      ? []
      : describeIssues(result.error.issues, input, knownKeys(settingsSchema))),
    ...roomProblems(input),
    ...dataProblems(input),
    ...imageProblems(input),
  ];
  if (problems.length > 0) {
    throw new pulumi.RunError(problemsText(problems));
  }
  // The rooms were checked: each has its section, and what is left out names the stack that has it.
  return result.data as Settings;
}

/** Keys beside the project's namespace that were meant for it: the engine takes any, and nobody would read them. */
export function misspeltNamespaces(
  config: Readonly<Record<string, string>>,
): readonly SettingsProblem[] {
  return Object.keys(config).flatMap((path) => {
    const [namespace = "", ...rest] = path.split(":");
    return namespace !== project && nearestOf(namespace, [project]) !== undefined
      ? [
          {
            path,
            message: `nobody reads this key; did you mean "${[project, ...rest].join(":")}"?`,
          },
        ]
      : [];
  });
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
