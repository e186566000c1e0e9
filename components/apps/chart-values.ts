import { mergeValues } from "../kit/chart";
import type { Connection } from "../kit/connection";
import type { Problem } from "../kit/problem";
import {
  connectionOf,
  fieldOf,
  hostAndPort,
  hostAndPortOf,
  secretName,
  secretOf,
  type CarriedSecret,
} from "./connect";
import { usedServices } from "./declaration";
import {
  isReference,
  type ChartReference,
  type ChartValue,
  type DeclaredChart,
} from "./declared-chart";
import { plainSecretProblems } from "./workload/plain-secrets";

/** What the references of a chart's values are looked up in. */
export interface ChartSurroundings {
  /** The application's name, and the release's where the chart names none. */
  readonly application: string;
  /** Its namespace. */
  readonly namespace: string;
  /** The connections that meet the demands of the chart's pods, by key. */
  readonly connections: ReadonlyMap<string, Connection>;
  /** Values that the stack adds. */
  readonly added: Readonly<Record<string, unknown>>;
}

/** A chart's values with every reference put in, and the Secrets behind them. */
export interface ConnectedValues {
  /** What the chart is given: plain values. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The Secrets that they name. */
  readonly secrets: readonly CarriedSecret[];
}

/** The name of the release of a chart. */
export function releaseName({ release }: DeclaredChart, application: string): string {
  return release ?? application;
}

/** Puts connections and addresses into a chart's values: a credential only as the name of a Secret and a key. */
export function connectValues(
  chart: DeclaredChart,
  { application, namespace, connections, added }: ChartSurroundings,
): ConnectedValues {
  const callees = chart.pods.flatMap(usedServices);
  const release = releaseName(chart, application);
  const keys = new Map<string, Set<string>>();
  const resolve = (value: ChartValue): unknown => {
    if (typeof value !== "object" || value === null) {
      return value;
    }
    if (Array.isArray(value)) {
      return (value as readonly ChartValue[]).map(resolve);
    }
    return isReference(value)
      ? resolveReference(value)
      : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item)]));
  };
  const resolveReference = (value: ChartReference): string | number | null => {
    if ("address" in value) {
      const { host, port } = hostAndPortOf(value.address, namespace, callees);
      const parts = { host, port, address: hostAndPort(value.address, namespace, callees) };
      return parts[value.reference];
    }
    const { demand } = value.field;
    const field = fieldOf(connectionOf(connections, demand.key), value.field);
    if (field.kind === "none") {
      // Helm drops the chart's own default where it is told null.
      return null;
    }
    if (field.kind === "plain") {
      return field.value;
    }
    keys.set(demand.key, (keys.get(demand.key) ?? new Set()).add(field.key));
    return value.reference === "secretKey" ? field.key : secretName(release, demand.key);
  };
  const values = resolve(chart.values ?? {}) as Record<string, unknown>;
  return {
    values: mergeValues(values, added),
    secrets: [...keys].map(([key, read]) => {
      const connection = connectionOf(connections, key);
      return {
        name: secretName(release, key),
        remote: { ...secretOf(connection), keys: [...read] },
        connection,
      };
    }),
  };
}

/** A part of a chart's values that is no map and no list, and where it is. */
export interface ValueLeaf {
  /** Its path: `database.hosts[0]`. */
  readonly path: string;
  /** The key that it is under. */
  readonly key: string;
  /** The value, or the reference. */
  readonly value: unknown;
}

/** Every part of a chart's values that is no map and no list. */
export function valueLeaves(value: unknown, path = "", key = ""): readonly ValueLeaf[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => valueLeaves(item, `${path}[${String(index)}]`, key));
  }
  if (typeof value !== "object" || value === null || isReference(value as ChartValue)) {
    return [{ path, key, value }];
  }
  return Object.entries(value).flatMap(([name, item]) =>
    valueLeaves(item, path === "" ? name : `${path}.${name}`, name),
  );
}

/** Credentials that are written out in a chart's values; names of Secrets are none. */
export function valueSecretProblems(values: unknown): readonly Problem[] {
  return valueLeaves(values)
    .filter(({ key }) => !/secret$/i.test(key))
    .flatMap(({ path, key, value }) => {
      const name = key.replace(/([a-z0-9])([A-Z])/g, "$1_$2");
      return plainSecretProblems({ [name]: value }).map(() => ({
        field: path,
        message:
          "holds a credential as a text. Let the chart read a Secret: ref.secretName and ref.secretKey of a connection or of a secret of a store.",
      }));
    });
}
