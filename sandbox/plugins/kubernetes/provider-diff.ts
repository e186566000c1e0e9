import { isDeepStrictEqual } from "node:util";
import { reveal, revealMap, Unknown, type PlainMap, type PropertyMap } from "../rpc/values";
import { activeCluster, readKubeconfig } from "./client/kubeconfig";

/** What a change of the provider's configuration does. */
export interface ProviderDiff {
  /** The settings that change. */
  readonly changes: readonly string[];

  /** Those because of which everything on the cluster is created anew. */
  readonly replaces: readonly string[];
}

const SELECTS_CLUSTER = ["kubeconfig", "context", "cluster"];

/**
 * Decides whether a changed configuration points to another cluster. With a clusterIdentifier, only its
 * change says so; without one, a change of the active cluster's address or certificate does.
 */
export function diffProvider(olds: PropertyMap, news: PropertyMap): ProviderDiff {
  const [old, now] = [revealMap(olds), revealMap(news)];
  const changes = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
    (key) => !isDeepStrictEqual(old[key], now[key]),
  );
  const [oldIdentifier, identifier] = [old["clusterIdentifier"], now["clusterIdentifier"]];
  if (identifier !== undefined && identifier === oldIdentifier) {
    return { changes, replaces: [] };
  }
  // Adding or removing an identifier replaces nothing by itself, so that it can be introduced.
  const identified =
    identifier !== undefined && oldIdentifier !== undefined ? ["clusterIdentifier"] : [];
  const unknown = SELECTS_CLUSTER.find((key) => now[key] instanceof Unknown);
  if (unknown !== undefined) {
    return { changes, replaces: [...identified, unknown] };
  }
  const moved = isDeepStrictEqual(clusterOf(old), clusterOf(now))
    ? []
    : SELECTS_CLUSTER.filter((key) => changes.includes(key));
  return { changes, replaces: [...identified, ...moved] };
}

/** The cluster a configuration selects; undefined when it cannot be told. */
function clusterOf(settings: PlainMap): unknown {
  const { kubeconfig, context, cluster } = settings;
  if (kubeconfig === undefined || kubeconfig === null || kubeconfig instanceof Unknown) {
    return undefined;
  }
  const text = typeof kubeconfig === "string" ? kubeconfig : JSON.stringify(reveal(kubeconfig));
  try {
    return activeCluster(readKubeconfig(text), {
      context: typeof context === "string" ? context : undefined,
      cluster: typeof cluster === "string" ? cluster : undefined,
    });
  } catch {
    // A kubeconfig that cannot be read any more says nothing about where it pointed.
    return undefined;
  }
}
