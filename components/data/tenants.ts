import { isDeepStrictEqual } from "node:util";
import type { ApplicationDemand, Connection } from "../kit/connection";
import type { Problem } from "../kit/problem";
import { isDataDemand, type DataDemand } from "./demands";

/** An application, and what it demands of one data service. */
export interface Tenant<D extends DataDemand> {
  /** The application's name. */
  readonly application: string;
  /** The namespace its workloads run in. */
  readonly namespace: string;
  /** What it demands; no demand twice. */
  readonly demands: readonly D[];
  /**
   * The slot of the preview environments that it is made for.
   * @default - it is for the application itself
   */
  readonly slot?: number;
}

/** The tenants whose namespaces are there as long as the stack is: the way in is theirs from the start. */
export function residents<D extends DataDemand>(
  tenants: readonly Tenant<D>[],
): readonly Tenant<D>[] {
  return tenants.filter(({ slot }) => slot === undefined);
}

/** The tenants of each slot of the preview environments. */
export function bySlot<D extends DataDemand>(
  tenants: readonly Tenant<D>[],
): readonly (readonly [slot: number, tenants: readonly Tenant<D>[]])[] {
  const slots = [...new Set(tenants.flatMap(({ slot }) => slot ?? []))];
  return slots.map((slot) => [slot, tenants.filter((tenant) => tenant.slot === slot)]);
}

/** What meets the demands of one kind: a service that the stack runs, or one that is there already. */
export interface Answers<D extends DataDemand> {
  /** How an application uses what it demanded. */
  connect(application: string, demand: D): Connection;
}

/** What is wrong with names in a stack file that have to be among those that applications demand. */
export function unknownNames(
  field: string,
  names: readonly string[],
  demanded: readonly string[],
): readonly Problem[] {
  return names
    .filter((name) => !demanded.includes(name))
    .map((name) => ({
      field: `${field}.${name}`,
      message: `is demanded by no application; it may be ${demanded.length === 0 ? "left out" : demanded.join(", ")}.`,
    }));
}

/** The applications that demand something of the service that answers `kind`, in the order they came. */
export function tenantsOf<Kind extends DataDemand["kind"]>(
  demands: readonly ApplicationDemand[],
  kind: Kind,
): readonly Tenant<Extract<DataDemand, { kind: Kind }>>[] {
  type D = Extract<DataDemand, { kind: Kind }>;
  const tenants = new Map<string, Tenant<D> & { readonly demands: D[] }>();
  for (const { application, namespace, demand, slot } of demands) {
    if (isDataDemand(demand) && isOfKind(demand, kind)) {
      const tenant = tenants.get(application) ?? { application, namespace, demands: [], slot };
      // Two demands with one key may still differ: an application publishes more than one subject.
      if (!tenant.demands.some((known) => isDeepStrictEqual(known, demand))) {
        tenant.demands.push(demand);
      }
      tenants.set(application, tenant);
    }
  }
  return [...tenants.values()];
}

/** Says whether a service of any application scales on what waits at the service that answers `kind`. */
export function scaledOn(demands: readonly ApplicationDemand[], kind: DataDemand["kind"]): boolean {
  return demands.some(({ demand, scaledOn: scaled = false }) => scaled && demand.kind === kind);
}

function isOfKind<Kind extends DataDemand["kind"]>(
  demand: DataDemand,
  kind: Kind,
): demand is Extract<DataDemand, { kind: Kind }> {
  return demand.kind === kind;
}
