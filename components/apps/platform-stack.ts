import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { plainDemand } from "../data";
import type { ApplicationDemand, Connection, Demand } from "../kit/connection";
import type { ContainerLimits, NamespaceQuota } from "../kit/namespace";
import { refuse, type Problem } from "../kit/problem";
import { platformFacts, type PlatformFacts } from "../platform/facts";
import type { PreviewPlace } from "../settings/rooms";
import type { ApplicationsArgs } from "./applications";
import type { ConnectionBudget } from "./connection-budget";
import type { PreviewedApplication, PreviewedDemand } from "./previews";
import type { TenantApplication } from "./tenants";

/** What a stack with a platform hands out to the stacks of applications: plain values, and no secret. */
export interface PlatformOutputs {
  /** The controllers. */
  readonly platform: PlatformFacts;
  /** What was made for each application that a stack of its own deploys, by its name. */
  readonly tenants: Readonly<Record<string, TenantOutputs>>;
  /**
   * What was made for the preview environments of each application, by its name.
   * @default - it may have none
   */
  readonly previews?: Readonly<Record<string, PreviewOutputs>>;
  /**
   * How many connections to databases there may be, and who takes them.
   * @default - it has no data room
   */
  readonly connections?: ConnectionBudget;
}

/** What a platform stack made for one application. */
export interface TenantOutputs {
  /**
   * What its namespace may use.
   * @default - no ResourceQuota
   */
  readonly quota?: NamespaceQuota;
  /**
   * What a container gets that does not say.
   * @default - no LimitRange
   */
  readonly limits?: ContainerLimits;
  /** What meets its demands: addresses, and references to Secrets. */
  readonly connections: readonly Connection[];
}

/** What a platform stack made for the preview environments of one application. */
export interface PreviewOutputs extends Pick<TenantOutputs, "quota" | "limits"> {
  /** How many connections to databases it may open in each environment. */
  readonly maxConnections: number;
  /** What meets its demands in each slot, the first one first. */
  readonly slots: readonly TenantOutputs["connections"][];
}

/** The rooms to the left of the applications, as far as a stack has them. */
export interface OwnRooms {
  /**
   * The platform.
   * @default - another stack's
   */
  readonly platform?: PlatformFacts;
  /**
   * The data room.
   * @default - nothing may be demanded
   */
  readonly data?: ApplicationsArgs["data"];
}

/** What a plan has for stacks of applications beside its own. */
export interface Beside {
  /** What others deploy. */
  readonly tenants: readonly TenantApplication[];
  /**
   * What others deploy as preview environments.
   * @default - nothing
   */
  readonly previews?: readonly PreviewedApplication[];
  /**
   * How many connections to databases there may be, and who takes them.
   * @default - nobody knows how many there may be
   */
  readonly connections?: ConnectionBudget;
}

/** What a stack hands out to those beside it; nothing where there are to be none. */
export function platformOutputs(
  { platform, data }: OwnRooms,
  { tenants, previews = [], connections }: Beside,
): PlatformOutputs | Record<string, never> {
  if (platform === undefined || tenants.length + previews.length === 0) {
    return {};
  }
  return {
    platform: platformFacts(platform),
    tenants: Object.fromEntries(
      tenants.map(({ name, namespace: { quota, limits }, demands }) => {
        const made = demands.map((each) => ({ declared: each.demand, made: each }));
        return [name, { quota, limits, connections: connectionsOf(made, data) }];
      }),
    ),
    previews: Object.fromEntries(
      previews.map(({ name, quota, limits, maxConnections, slots }) => [
        name,
        {
          quota,
          limits,
          maxConnections,
          slots: slots.map((demands) => connectionsOf(demands, data)),
        },
      ]),
    ),
    connections,
  };
}

/** The connections that meet demands, each to be found by what is declared. */
function connectionsOf(
  demands: readonly PreviewedDemand[],
  data: OwnRooms["data"],
): readonly Connection[] {
  return data === undefined
    ? []
    : demands.map(({ declared, made }) => ({
        ...data.connect(made.application, made.demand),
        demand: plainDemand(declared),
        ready: [],
      }));
}

/** The rooms that a stack's applications rely on: its own, or those of the platform stack. */
export function reliedOn(
  own: OwnRooms,
  outside: PlatformStack | undefined,
): Pick<ApplicationsArgs, "platform" | "data"> {
  const platform = outside?.platform ?? own.platform;
  if (platform === undefined) {
    throw new Error("The stack has no platform and names none; the settings let it pass.");
  }
  return { platform, data: outside ?? own.data ?? nothing };
}

const nothing: ApplicationsArgs["data"] = {
  connect(application, { key }) {
    throw new Error(`The stack has no data room that could meet ${key} of ${application}.`);
  },
};

/** Refuses what applications demand of a stack that has the room platform, but not data. */
export function refuseUnmet(
  settings: { readonly platform?: unknown; readonly data?: unknown },
  demands: readonly ApplicationDemand[],
): void {
  if (settings.platform !== undefined && settings.data === undefined) {
    refuse(
      "The applications",
      demands.map(({ application, demand }) => ({
        field: `${application} uses`,
        message: `demands ${demand.key}, but slipway:rooms leaves data out. Add data to it.`,
      })),
    );
  }
}

/**
 * The stack that has the platform of a stack of applications: nothing of it is changed here, and nothing
 * of it is waited for.
 */
export class PlatformStack {
  /** Its controllers. */
  readonly platform: PlatformFacts;

  /**
   * How many connections to its databases there may be, and who takes them.
   * @default - it does not say
   */
  readonly connections?: ConnectionBudget;

  constructor(
    readonly stack: string,
    private readonly outputs: PlatformOutputs,
    private readonly preview?: PreviewPlace,
  ) {
    this.platform = outputs.platform;
    this.connections = outputs.connections;
  }

  /** What it made for an application, or for its previews; undefined where it knows of none. */
  tenant(application: string): TenantOutputs | undefined {
    if (this.preview === undefined) {
      return this.outputs.tenants[application];
    }
    const { quota, limits, slots } = this.outputs.previews?.[application] ?? {};
    return slots && { quota, limits, connections: slots[this.preview.slot - 1] ?? [] };
  }

  /** How many connections to databases an application may open; undefined where it is not a preview's. */
  maxConnections(application: string): number | undefined {
    return this.preview && this.outputs.previews?.[application]?.maxConnections;
  }

  /** The connection that meets a demand; `refuseMissing` has to have let it pass. */
  readonly connect = (application: string, demand: Demand): Connection => {
    const found = this.find(application, demand);
    if (found === undefined) {
      throw new Error(`The stack ${this.stack} does not meet ${demand.key} of ${application}.`);
    }
    return { ...found, demand };
  };

  /**
   * Refuses applications that the stack does not know, and demands that it does not meet.
   * @throws `pulumi.RunError` that names the line to add there, or the command to run.
   */
  refuseMissing(
    applications: readonly { readonly name: string }[],
    demands: readonly ApplicationDemand[],
  ): void {
    const strangers = applications.filter(({ name }) => this.tenant(name) === undefined);
    const { stack } = this;
    const [file] = stack.split("/").slice(-1);
    refuse("The applications", [
      ...this.slotProblems(applications),
      ...strangers.map(({ name }): Problem => ({
        field: name,
        message:
          (this.preview
            ? `may have no preview environments beside the stack ${stack}. Add "${name}" to ` +
              `slipway:previews.applications`
            : `has no namespace: it is no tenant of the stack ${stack}. Add "${name}: {}" below slipway:tenants`) +
          ` in Pulumi.${String(file)}.yaml, and run pulumi up --stack ${stack}.`,
      })),
      ...demands
        .filter(({ application }) => this.tenant(application) !== undefined)
        .filter(() => this.slotProblems(applications).length === 0)
        .filter(({ application, demand }) => this.find(application, demand) === undefined)
        .map(({ application, demand }): Problem => ({
          field: `${application} uses`,
          message:
            `demands ${demand.key}, which the stack ${stack} did not make. It reads the demands of its tenants ` +
            `from their declarations: run pulumi up --stack ${stack} with this version of them, and see that ` +
            `slipway:rooms there has data.`,
        })),
    ]);
  }

  private slotProblems(applications: readonly { readonly name: string }[]): readonly Problem[] {
    const { preview, stack } = this;
    const made = applications.flatMap(
      ({ name }) => this.outputs.previews?.[name]?.slots.length ?? [],
    );
    return preview === undefined || made.every((slots) => preview.slot <= slots)
      ? []
      : [
          {
            field: "slipway:previewEnvironment.slot",
            message:
              `got ${String(preview.slot)}, but the stack ${stack} has data for ${String(Math.min(...made))} previews at ` +
              `once. Raise slipway:previews.atOnce there and run pulumi up --stack ${stack}, or delete the environment.`,
          },
        ];
  }

  private find(application: string, demand: Demand): Connection | undefined {
    // The outputs went through JSON, which knows no undefined.
    const wanted: unknown = JSON.parse(JSON.stringify(plainDemand(demand)));
    return this.tenant(application)?.connections.find((connection) =>
      isDeepStrictEqual(connection.demand, wanted),
    );
  }
}

/**
 * Reads what a platform stack hands out, as plain values, before anything else is registered; undefined
 * where the stack has a platform of its own.
 * @throws `pulumi.RunError` when the stack hands nothing out.
 */
export async function readPlatformStack(
  stack: string | undefined,
  preview?: PreviewPlace,
): Promise<PlatformStack | undefined> {
  if (stack === undefined) {
    return undefined;
  }
  const name = stack.includes("/")
    ? stack
    : `${pulumi.getOrganization()}/${pulumi.getProject()}/${stack}`;
  const reference = new pulumi.StackReference("platform-stack", { name });
  const [platform, tenants, previews, connections] = await Promise.all(
    ["platform", "tenants", "previews", "connections"].map(async (output) => {
      const { value } = await reference.getOutputDetails(output);
      return value as unknown;
    }),
  );
  if (!isMap(platform) || !isMap(tenants)) {
    throw new pulumi.RunError(
      `The stack ${stack}, which slipway:platformStack names, hands out no platform. It has to have the room ` +
        `platform, and to be deployed first: pulumi up --stack ${stack}.`,
    );
  }
  const outputs = { platform, tenants, previews, connections } as unknown as PlatformOutputs;
  return new PlatformStack(stack, outputs, preview);
}

function isMap(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
