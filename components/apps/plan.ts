import type * as pulumi from "@pulumi/pulumi";
import { readApplications, readPreviews, readTenants } from ".";
import { connectionLimits, demandProblems } from "../data";
import type { ChartEnvironment } from "../kit/chart";
import type { ApplicationDemand } from "../kit/connection";
import { refuse, type Problem } from "../kit/problem";
import { featuresIn, featuresOf, type PlatformFacts } from "../platform";
import type { Settings } from "../settings";
import { Applications } from "./applications";
import {
  connectionProblems,
  connectionTakers,
  previewConnectionProblems,
  type ConnectionBudget,
  type PreviewShare,
} from "./connection-budget";
import type { GivenImages } from "./images";
import {
  readPlatformStack,
  refuseUnmet,
  reliedOn,
  type OwnRooms,
  type PlatformStack,
} from "./platform-stack";
import type { PreviewedApplication } from "./previews";
import { demandsOf, type StackFacts } from "./resolve";
import type { ResolvedApplication } from "./resolved";
import type { TenantApplication } from "./tenants";
import type { DeployedServices } from "./workload/release";

/** What is said at deploy time, and what is deployed. */
export interface DeployFacts {
  /** The versions that were given. */
  readonly given: GivenImages;
  /** What is deployed, by the stack's state. */
  readonly deployed: DeployedServices;
  /**
   * The service to roll back, as `<application>/<service>`.
   * @default - none
   */
  readonly rollback?: string;
}

/** What a stack is about to do for applications: its own, and those of its tenants. */
export interface Plan {
  /** What it deploys. */
  readonly applications: readonly ResolvedApplication[];
  /** What others deploy. */
  readonly tenants: readonly TenantApplication[];
  /** What others deploy as preview environments. */
  readonly previews: readonly PreviewedApplication[];
  /** What all of them ask of the data services. */
  readonly demands: readonly ApplicationDemand[];
  /**
   * How many connections to databases there may be, and who takes them.
   * @default - nobody knows how many there may be
   */
  readonly connections?: ConnectionBudget;
  /**
   * The stack that has the platform.
   * @default - this one has it
   */
  readonly outside?: PlatformStack;
}

/**
 * Puts together what a stack's file, its platform stack and its state say of applications. It registers
 * nothing but the reference to that stack.
 * @throws `pulumi.RunError` with every problem of every application.
 */
export async function readPlan(settings: Settings, facts: DeployFacts): Promise<Plan> {
  const { platformStack, previewEnvironment } = settings;
  const outside = await readPlatformStack(platformStack, previewEnvironment);
  const applications =
    settings.applications === undefined
      ? []
      : readApplications(
          settings.applications,
          {
            environment: settings.environment,
            previewName: previewEnvironment?.name,
            images: { ...settings.images, given: facts.given },
            ...offerOf(settings.platform, outside?.platform),
            deployed: facts.deployed,
            rollback: facts.rollback,
          },
          outside,
        );
  const demands = demandsOf(applications);
  refuseUnmet(settings, demands);
  const tenants = readTenants(settings.tenants, settings);
  const previews = readPreviews(settings.previews);
  const all = [
    ...demands,
    ...tenants.flatMap((tenant) => tenant.demands),
    ...previews.flatMap(({ slots }) => slots.flat().map(({ made }) => made)),
  ];
  const connections = connectionsOf(settings, { applications, tenants, previews, outside });
  refuse("The applications", [
    ...(settings.data === undefined ? [] : demandProblems(settings.data, all)),
    ...(connections === undefined ? [] : connectionProblems(connections, platformStack)),
    ...previewProblems(applications, outside),
  ]);
  return { applications, tenants, previews, demands: all, connections, outside };
}

/** What applications may ask of the platform: of their own stack's, or of the one that has it. */
export function offerOf(
  own: Settings["platform"],
  outside: PlatformFacts | undefined,
): Pick<StackFacts, "features" | "storageClasses" | "stores"> {
  return own === undefined
    ? {
        features: outside && featuresIn(outside),
        storageClasses: outside?.storageClasses?.names,
        stores: Object.keys(outside?.secretStores.stores ?? {}),
      }
    : {
        features: featuresOf(own),
        storageClasses: Object.keys(own.storageClasses),
        stores: Object.keys(own.externalSecrets.stores),
      };
}

/** An application of a preview environment keeps to what is kept for each of its previews. */
function previewProblems(
  applications: readonly ResolvedApplication[],
  outside: PlatformStack | undefined,
): readonly Problem[] {
  return applications.flatMap(({ name, services }) => {
    const allowed = outside?.maxConnections(name);
    return outside?.connections === undefined || allowed === undefined
      ? []
      : previewConnectionProblems(connectionTakers(name, services), name, allowed, outside.stack);
  });
}

/**
 * The connections to the databases: in a stack with a data room, of its applications and, as they are
 * declared, of its tenants, with what it keeps for previews; in a stack of applications, of these and of
 * whoever shares the platform stack. A preview takes of what is kept for it.
 */
function connectionsOf(
  { data, previewEnvironment }: Settings,
  { applications, tenants, previews, outside }: Omit<Plan, "demands" | "connections">,
): ConnectionBudget | undefined {
  const own = applications.flatMap(({ name, services }) => connectionTakers(name, services));
  if (data !== undefined) {
    const others = tenants.flatMap((tenant) => tenant.connections);
    // A server outside is not the stack's own; what it takes is for those to say who run it.
    return data.postgres.kind === "external"
      ? undefined
      : {
          limits: connectionLimits(data.postgres),
          takers: [...own, ...others],
          previews: previews.flatMap(previewShare),
        };
  }
  const shared = outside?.connections;
  const names = applications.map(({ name }) => name);
  return shared === undefined || previewEnvironment !== undefined
    ? undefined
    : {
        ...shared,
        takers: [
          ...own,
          ...shared.takers.filter(({ application }) => !names.includes(application)),
        ],
      };
}

/** What is kept for the previews of an application that has databases. */
function previewShare({
  name,
  slots,
  maxConnections,
}: PreviewedApplication): readonly PreviewShare[] {
  const databases = slots.flat().filter(({ made }) => made.demand.kind === "database").length;
  return databases === 0
    ? []
    : [{ application: name, atOnce: slots.length, each: maxConnections, databases }];
}

/** What a stack's applications are deployed with. */
export interface DeployArgs extends Pick<Plan, "applications" | "outside"> {
  /** The stack's settings. */
  readonly settings: Settings;
  /** The rooms that the stack has itself. */
  readonly own: OwnRooms;
  /** What all charts of the stack share. */
  readonly environment: ChartEnvironment;
}

/** The room of the applications, where the stack has it, on its own rooms or on the platform stack's. */
export function deployApplications(
  name: string,
  { settings, applications, own, outside, environment }: DeployArgs,
  opts: pulumi.ComponentResourceOptions,
): Pick<Applications, "urls" | "images"> {
  if (settings.applications === undefined) {
    return { urls: {}, images: {} };
  }
  const { images, retention } = settings;
  return new Applications(
    name,
    {
      applications,
      ...reliedOn(own, outside),
      namespacesGiven: outside !== undefined,
      pullSecrets: images.pullSecrets,
      retention,
      environment,
    },
    opts,
  );
}
