import type { ApplicationDemand, Demand } from "../kit/connection";
import { applicationLabels } from "../kit/labels";
import type { NamespaceArgs } from "../kit/namespace";
import type { Retention } from "../kit/retention";
import type { TenantSettings } from "../settings/applications";
import { connectionTakers, type ConnectionTaker } from "./connection-budget";
import {
  connectedOf,
  keepsData,
  usedDemands,
  type ApplicationDeclaration,
  type Connected,
} from "./declaration";
import { refuseShapes } from "./declaration-shapes";
import { isStoreSecret } from "./store-secret";

/** An application that a stack of its own deploys beside this one. */
export interface TenantApplication {
  /** Its name, and its namespace's. */
  readonly name: string;
  /** The namespace that this stack makes for it. */
  readonly namespace: NamespaceArgs;
  /** What it asks of the data services, by its declaration. */
  readonly demands: readonly ApplicationDemand[];
  /** Who of it connects to databases, as it is declared: what its own stack changes is not known here. */
  readonly connections: readonly ConnectionTaker[];
}

/** What all tenants of a stack share. */
export interface TenantFacts {
  /** The environment's name, for the labels. */
  readonly environment: string;
  /** What becomes of a namespace with volumes on a destroy. */
  readonly retention: Retention;
}

/** The tenants that a stack names, of the applications that there are. */
export function tenantsIn(
  settings: TenantSettings,
  declarations: readonly ApplicationDeclaration[],
  facts: TenantFacts,
): readonly TenantApplication[] {
  refuseShapes(declarations.filter(({ name }) => name in settings));
  return declarations.flatMap((declaration) => {
    const { name, team, services } = declaration;
    const tenant = settings[name as keyof TenantSettings];
    if (tenant === undefined) {
      return [];
    }
    const labels = applicationLabels({ application: name, team, environment: facts.environment });
    return [
      {
        name,
        namespace: {
          name,
          podSecurity: "restricted",
          labels,
          quota: tenant.quota,
          limits: tenant.limits,
          retain: facts.retention === "keep" && keepsData(declaration),
        },
        demands: declaredDemands(connectedOf(declaration)).map((demand) =>
          demandIn({ application: name, namespace: name }, demand),
        ),
        connections: connectionTakers(
          name,
          services.map((service) => ({
            declaration: service,
            shape: service,
            env: service.env ?? {},
          })),
        ),
      },
    ];
  });
}

/** What everything of an application asks of the data room, each thing once. */
export function declaredDemands(connected: readonly Connected[]): readonly Demand[] {
  const demands = connected.flatMap(usedDemands).filter((demand) => !isStoreSecret(demand));
  return [...new Map(demands.map((demand) => [demand.key, demand])).values()];
}

/** A demand of an application that another stack deploys. */
export function demandIn(
  of: Pick<ApplicationDemand, "application" | "namespace">,
  demand: Demand,
): ApplicationDemand {
  // Whether it scales on what waits is for its own stack to say: whoever consumes may.
  return { ...of, demand, scaledOn: isConsumer(demand) };
}

function isConsumer(demand: Demand & { readonly use?: unknown }): boolean {
  const { use } = demand;
  return typeof use === "object" && use !== null && "consumer" in use;
}
