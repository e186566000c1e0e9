import { isDataDemand, previewDemand } from "../data";
import type { ApplicationDemand, Demand } from "../kit/connection";
import type { ContainerLimits, NamespaceQuota } from "../kit/namespace";
import { refuse } from "../kit/problem";
import type { PreviewSettings } from "../settings/applications";
import { connectedOf, type ApplicationDeclaration } from "./declaration";
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
  /** What it asks of the data services, by its declaration, and what takes its place in previews. */
  readonly demands: readonly { readonly declared: Demand; readonly made: ApplicationDemand }[];
}

/** The namespace of an application; in a preview environment it ends in the preview's name. */
export function namespaceOf(application: string, previewName: string | undefined): string {
  return previewName === undefined ? application : `${application}-${previewName}`;
}

/** By whose name the data services know the previews of an application. */
function previewIdentity(application: string): string {
  return `${application}-preview`;
}

/**
 * The applications that may have preview environments, with data of the previews' own: what one does
 * there, no other stack sees. Messages are the exception: a stream is everybody's.
 * @throws `pulumi.RunError` when a name leaves no room for the ending of the previews' own.
 */
export function previewsIn(
  settings: PreviewSettings,
  declarations: readonly ApplicationDeclaration[],
): readonly PreviewedApplication[] {
  if (settings === undefined) {
    return [];
  }
  const { applications, quota, limits } = settings;
  return declarations
    .filter(({ name }) => (applications as readonly string[]).includes(name))
    .map((declaration) => {
      const { name } = declaration;
      const identity = previewIdentity(name);
      const demands = declaredDemands(connectedOf(declaration)).map((declared) => ({
        declared,
        made: demandIn({ application: identity, namespace: identity }, inPreviews(name, declared)),
      }));
      return { name, quota, limits, demands };
    });
}

function inPreviews(application: string, demand: Demand): Demand {
  if (!isDataDemand(demand)) {
    return demand;
  }
  try {
    return previewDemand(demand);
  } catch (error) {
    refuse("The previews", [
      { field: `${application} uses ${demand.key}`, message: (error as Error).message },
    ]);
    throw error;
  }
}
