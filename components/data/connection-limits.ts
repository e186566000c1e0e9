import type { PostgresSettings } from "../settings/data";

/** How many connections Postgres and its pooler take, as plain values: other stacks are told them too. */
export interface ConnectionLimits {
  /** All that Postgres takes: its `max_connections`. */
  readonly server: number;
  /** What of it no application gets. */
  readonly reserved: ReservedConnections;
  /** What the pooler takes and opens. */
  readonly pooler: PoolerLimits;
}

/** Connections that Postgres keeps from applications. */
export interface ReservedConnections {
  /** Those that Postgres keeps for superusers, and for the role pg_use_reserved_connections. */
  readonly superusers: number;
  /** Those of what looks after Postgres: `upkeep`. */
  readonly upkeep: number;
}

/** What the connection pooler takes and opens. */
export interface PoolerLimits {
  /** How many pods it has. */
  readonly pods: number;
  /** How many connections each pod opens for one user of one database. */
  readonly poolSize: number;
  /** How many clients each pod lets in. */
  readonly clients: number;
}

/** What each pod of the pooler is told. */
export const poolerLimits = { poolSize: 20, clients: 1000 } as const;

/**
 * Who else connects to the primary, at most: Patroni watches it, the operator runs its commands, pgBackRest
 * begins and ends a backup, a metrics exporter asks, and a person looks into what is wrong. Replicas have
 * places of their own, since Postgres 12.
 * @see https://www.postgresql.org/docs/current/runtime-config-replication.html#GUC-MAX-WAL-SENDERS
 */
const upkeep = { patroni: 2, operator: 2, pgBackRest: 2, exporter: 3, person: 1 } as const;

/**
 * What Postgres does when its parameter is not set.
 * @see https://www.postgresql.org/docs/current/runtime-config-connection.html
 */
const defaults = {
  max_connections: 100,
  superuser_reserved_connections: 3,
  reserved_connections: 0,
} as const;

/** How many connections there may be, by a stack's settings alone. */
export function connectionLimits({
  parameters,
  pgBouncer,
}: Pick<PostgresSettings, "parameters" | "pgBouncer">): ConnectionLimits {
  const valueOf = (name: keyof typeof defaults): number =>
    Number(parameters[name] ?? defaults[name]);
  return {
    server: valueOf("max_connections"),
    reserved: {
      superusers: valueOf("superuser_reserved_connections") + valueOf("reserved_connections"),
      upkeep: Object.values(upkeep).reduce((sum, connections) => sum + connections, 0),
    },
    pooler: { pods: pgBouncer.replicas, ...poolerLimits },
  };
}
