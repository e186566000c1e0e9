import { isDataDemand, previewDemand } from "../data";
import type { ApplicationDemand, Demand } from "../kit/connection";
import type { ContainerLimits, NamespaceQuota } from "../kit/namespace";
import { refuse } from "../kit/problem";
import type { PreviewSettings } from "../settings/applications";
import { connectedOf, type ApplicationDeclaration } from "./declaration";
import { refuseShapes } from "./declaration-shapes";
import { declaredDemands, demandIn } from "./tenants";

/** An application that may have preview environments beside this stack. */
export interface PreviewedApplication {
  /** Its name. */
  readonly name: string;
  /** What each of its namespaces may use. */
  readonly quota: NamespaceQuota;
  /**
   * What a container gets that does not say.
   * @default - no LimitRange
   */
  readonly limits?: ContainerLimits;
  /** How many connections to databases it may open in each environment. */
  readonly maxConnections: number;
  /** What is made for it in each slot, the first one first. */
  readonly slots: readonly (readonly PreviewedDemand[])[];
}

/** What an application asks of the data services, by its declaration, and what takes its place in previews. */
export interface PreviewedDemand {
  /** As it is declared. */
  readonly declared: Demand;
  /** As it is made. */
  readonly made: ApplicationDemand;
}

/** The namespace of an application; in a preview environment it ends in the preview's name. */
export function namespaceOf(application: string, previewName: string | undefined): string {
  return previewName === undefined ? application : `${application}-${previewName}`;
}

/** By whose name the data services know an application in a slot. */
function previewIdentity(application: string, slot: number): string {
  return `${application}-preview-${String(slot)}`;
}

/**
 * The applications that may have preview environments, and the data of each slot. An environment has a slot
 * to itself as long as it lives: what it does there, no other stack sees.
 * @throws `pulumi.RunError` when a name leaves no room for the ending of the previews' own.
 */
export function previewsIn(
  settings: PreviewSettings,
  declarations: readonly ApplicationDeclaration[],
): readonly PreviewedApplication[] {
  if (settings === undefined) {
    return [];
  }
  const { applications, atOnce, connections, quota, limits } = settings;
  const previewed = declarations.filter(({ name }) =>
    (applications as readonly string[]).includes(name),
  );
  refuseShapes(previewed);
  return previewed.map((declaration) => {
    const { name } = declaration;
    const demands = declaredDemands(connectedOf(declaration));
    const slots = Array.from({ length: atOnce }, (_, index) =>
      demands.map((declared) => inSlot(name, declared, index + 1)),
    );
    return { name, quota, limits, maxConnections: connections, slots };
  });
}

function inSlot(application: string, declared: Demand, slot: number): PreviewedDemand {
  const identity = previewIdentity(application, slot);
  const demand = inPreviews(application, declared, slot);
  return {
    declared,
    made: { ...demandIn({ application: identity, namespace: identity }, demand), slot },
  };
}

function inPreviews(application: string, demand: Demand, slot: number): Demand {
  if (!isDataDemand(demand)) {
    return demand;
  }
  try {
    return previewDemand(demand, slot);
  } catch (error) {
    refuse("The previews", [
      { field: `${application} uses ${demand.key}`, message: (error as Error).message },
    ]);
    throw error;
  }
}
