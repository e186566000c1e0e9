import { z } from "zod";
import { pathText, type SettingsProblem } from "./errors";

const roomNames = ["platform", "data", "apps"] as const;

/** One of the three parts of a stack. */
export type Room = (typeof roomNames)[number];

/** `slipway:rooms`: which parts of everything the stack has. */
export const roomSettings = z
  .array(z.enum(roomNames))
  .min(1)
  .default([...roomNames])
  .describe(
    "The rooms of the stack; platform and data, or apps alone, where teams have stacks of their own.",
  )
  .meta({ examples: [["apps"]] });

/** `slipway:platformStack`: the stack that has what this one leaves out. */
export const platformStackSettings = z
  .string()
  .regex(/^([A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+\/)?[A-Za-z0-9_.-]+$/, {
    error: 'a stack such as "production", or "organization/project/stack"',
  })
  .optional()
  .describe(
    "The stack whose platform, data services and namespaces the applications use; only without a platform of the stack's own.",
  )
  .meta({
    examples: ["production-platform", "acme/slipway/production-platform"],
    behaviour: "the stack has a platform of its own",
  });

/** `slipway:previewEnvironment`: which preview environment the stack is. */
export const previewEnvironmentSettings = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z]([-a-z0-9]{0,28}[a-z0-9])?$/, {
        error: "a name of at most 30 lower-case letters, digits and hyphens, a letter first",
      })
      .describe("Its name, in which its namespaces end, so that several stand beside one platform.")
      .meta({ examples: ["pr-12"] }),
    slot: z
      .int()
      .min(1)
      .describe(
        "Which of the databases, buckets and streams that the platform stack has for previews are its own; npm run environment finds some that are free.",
      )
      .meta({ examples: [1] }),
  })
  .optional()
  .describe("The preview environment that the stack is; npm run environment writes it.")
  .meta({ behaviour: "each namespace is named as its application is" });

/** Which preview environment a stack is. */
export type PreviewPlace = NonNullable<z.infer<typeof previewEnvironmentSettings>>;

/** The key that holds what is said of each room. */
const sectionOf = {
  platform: "platform",
  data: "data",
  apps: "applications",
} as const satisfies Readonly<Record<Room, string>>;

/**
 * What is wrong with the rooms of a stack file and its sections, which depend on each other. A section of
 * a room that the stack leaves out is refused: it would look as if it had an effect.
 */
export function roomProblems(input: Readonly<Record<string, unknown>>): readonly SettingsProblem[] {
  const parsed = roomSettings.safeParse(input.rooms);
  if (!parsed.success) {
    return [];
  }
  const rooms = new Set(parsed.data);
  return [
    ...(rooms.has("data") && !rooms.has("platform") ? [dataAlone(input.rooms)] : []),
    ...roomNames.flatMap((room) => sectionProblems(room, rooms.has(room), input)),
    ...(rooms.has("apps") && input.images === undefined ? [missing("images", "apps")] : []),
    ...(rooms.has("platform") ? ownPlatformProblems(input) : foreignPlatformProblems(input)),
  ];
}

function dataAlone(rooms: unknown): SettingsProblem {
  return {
    path: pathText(["rooms"]),
    message:
      `got ${JSON.stringify(rooms)}; data needs platform beside it: the operators of its custom resources ` +
      `have to be ready first. Add platform, or leave data to the platform stack.`,
  };
}

function sectionProblems(
  room: Room,
  isThere: boolean,
  input: Readonly<Record<string, unknown>>,
): readonly SettingsProblem[] {
  const section = sectionOf[room];
  if (isThere) {
    return input[section] === undefined ? [missing(section, room)] : [];
  }
  return input[section] === undefined
    ? []
    : [
        {
          path: pathText([section]),
          message: `belongs to the room ${room}, which slipway:rooms leaves out. Remove it, or add ${room} to slipway:rooms.`,
        },
      ];
}

function missing(section: string, room: Room): SettingsProblem {
  return {
    path: pathText([section]),
    message: `is missing; it has to be a map, because slipway:rooms has ${room}.`,
  };
}

function ownPlatformProblems(input: Readonly<Record<string, unknown>>): readonly SettingsProblem[] {
  const deployed = Object.keys(mapIn(input.applications));
  return [
    ...(input.platformStack === undefined
      ? []
      : [
          {
            path: pathText(["platformStack"]),
            message:
              "names another stack's platform, but slipway:rooms has platform. Remove one of them.",
          },
        ]),
    ...(input.previewEnvironment === undefined
      ? []
      : [
          {
            path: pathText(["previewEnvironment"]),
            message:
              "belongs to a stack of applications alone, but slipway:rooms has platform. Remove it, or leave platform and data to a platform stack.",
          },
        ]),
    ...Object.keys(mapIn(input.tenants))
      .filter((name) => deployed.includes(name))
      .map((name) => ({
        path: pathText(["tenants", name]),
        message: `is deployed by this stack too (${pathText(["applications", name])}). A tenant has a stack of its own: remove one of them.`,
      })),
  ];
}

function foreignPlatformProblems(
  input: Readonly<Record<string, unknown>>,
): readonly SettingsProblem[] {
  const stack = typeof input.platformStack === "string" ? input.platformStack : "<platform stack>";
  const isPreview = input.previewEnvironment !== undefined;
  return [
    ...(input.platformStack === undefined
      ? [
          {
            path: pathText(["platformStack"]),
            message:
              "is missing; it has to name the stack that has the platform, because slipway:rooms leaves platform out.",
          },
        ]
      : []),
    ...(input.tenants === undefined
      ? []
      : [
          {
            path: pathText(["tenants"]),
            message: `belongs to a stack with a platform, which makes the tenants' namespaces. Move it to ${stack}.`,
          },
        ]),
    ...(input.previews === undefined
      ? []
      : [
          {
            path: pathText(["previews"]),
            message: `belongs to a stack with a platform and data, beside which the previews stand. Move it to ${stack}.`,
          },
        ]),
    ...Object.entries(mapIn(input.applications)).flatMap(([name, settings]) =>
      ["quota", "limits"]
        .filter((key) => mapIn(settings)[key] !== undefined)
        .map((key) => ({
          path: pathText(["applications", name, key]),
          message: isPreview
            ? `belongs to the namespace, for which ${stack} says it. Move it to ${pathText(["previews", key])} of that stack.`
            : `belongs to the namespace, which ${stack} makes. Move it to ${pathText(["tenants", name, key])} of that stack.`,
        })),
    ),
  ];
}

function mapIn(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
