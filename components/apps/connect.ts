import type {
  Connection,
  ConnectionField,
  FieldValue,
  RemoteSecret,
  StoredSecret,
} from "../kit/connection";
import {
  existingOf,
  usedServices,
  type Connected,
  type DeclaredValue,
  type ServiceAddress,
} from "./declaration";
import type { ResolvedService } from "./resolved";
import type { EnvValue } from "./workload/env";
import { objectName } from "./workload/existing";
import { serviceNumbers } from "./workload/ports";
import { isServing, mapEnvironments, type WorkloadShape } from "./workload/workload-shape";

/** A Secret of another namespace or of a store that one service reads, and what it is called in its own. */
export interface CarriedSecret {
  /** The Secret's name in the application's namespace. */
  readonly name: string;
  /** Where it is kept, with only the keys that the service reads. */
  readonly remote: RemoteSecret | StoredSecret;
  /** The connection it opens. */
  readonly connection: Connection;
}

/** A service with every reference put into its environments, and the Secrets behind them. */
export interface ConnectedShape {
  /** The workload, apart from where it runs. */
  readonly shape: WorkloadShape;
  /** The environment, in the order in which it was declared. */
  readonly env: Readonly<Record<string, EnvValue>>;
  /** The Secrets that they refer to. */
  readonly secrets: readonly CarriedSecret[];
}

/**
 * Puts a service's connections into its environments: an address as it is, a credential as a reference
 * to a Secret that holds nothing the service does not read. `connections` has those of its demands, by key.
 */
export function connectShape(
  service: ResolvedService,
  namespace: string,
  connections: ReadonlyMap<string, Connection>,
): ConnectedShape {
  const { declaration } = service;
  const keys = new Map<string, Set<string>>();
  const resolve = (value: DeclaredValue): EnvValue | undefined => {
    if (typeof value === "string") {
      return value;
    }
    if ("service" in value) {
      return hostAndPort(value, namespace, usedServices(declaration));
    }
    const field = fieldOf(connectionOf(connections, value.demand.key), value);
    if (field.kind === "none") {
      return undefined;
    }
    if (field.kind === "plain") {
      return field.value;
    }
    const read = keys.get(value.demand.key) ?? new Set();
    keys.set(value.demand.key, read.add(field.key));
    return { secretName: secretName(declaration.name, value.demand.key), key: field.key };
  };
  const resolveAll = (env: Readonly<Record<string, DeclaredValue>>): ConnectedShape["env"] =>
    Object.fromEntries(
      Object.entries(env).flatMap(([name, value]) => {
        const resolved = resolve(value);
        return resolved === undefined ? [] : [[name, resolved] as const];
      }),
    );
  const env = resolveAll(service.env);
  const shape = mapEnvironments(service.shape, resolveAll);
  const secrets = [...keys].map(([key, read]) => {
    const connection = connectionOf(connections, key);
    return {
      name: secretName(declaration.name, key),
      remote: { ...secretOf(connection), keys: [...read] },
      connection,
    };
  });
  return { shape, env, secrets };
}

/** The name of a service's copy of a demand's Secret: `orders-database-orders`. */
export function secretName(service: string, demandKey: string): string {
  return `${service}-${demandKey.replace("/", "-")}`;
}

/** The connection that meets a demand. */
export function connectionOf(
  connections: ReadonlyMap<string, Connection>,
  key: string,
): Connection {
  const connection = connections.get(key);
  if (connection === undefined) {
    throw new Error(`The environment refers to ${key}, for which there is no connection.`);
  }
  return connection;
}

/** What a field of a connection is. */
export function fieldOf({ demand, fields }: Connection, { field }: ConnectionField): FieldValue {
  const value = fields[field];
  if (value === undefined) {
    throw new Error(
      `The connection ${demand.key} has no field "${field}"; it has ${Object.keys(fields).join(", ")}.`,
    );
  }
  return value;
}

/** The Secret behind the secret fields of a connection. */
export function secretOf({ demand, secret }: Connection): RemoteSecret | StoredSecret {
  if (secret === undefined) {
    throw new Error(`The connection ${demand.key} has secret fields, but names no Secret.`);
  }
  return secret;
}

/** The address of a service inside the cluster, by its full name: no search domain has to be tried. */
export function hostAndPort(
  address: ServiceAddress,
  namespace: string,
  services: readonly Connected[],
): string {
  const { host, port } = hostAndPortOf(address, namespace, services);
  return `${host}:${String(port)}`;
}

/** The two parts of the address of a service. */
export function hostAndPortOf(
  { service, port }: ServiceAddress,
  namespace: string,
  services: readonly Connected[],
): { readonly host: string; readonly port: number } {
  const found = services.find(({ name }) => name === service);
  const number =
    found !== undefined && isServing(found) ? serviceNumbers(found.ports)[port] : undefined;
  if (found === undefined || number === undefined) {
    throw new Error(`The application has no service "${service}" with a port "${port}".`);
  }
  const host =
    found.kind === "ChartPods"
      ? (found.service ?? found.name)
      : objectName({ service, existing: existingOf(found) }, "service");
  return { host: `${host}.${namespace}.svc.cluster.local`, port: number };
}
