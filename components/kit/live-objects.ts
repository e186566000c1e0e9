import type { KubernetesObject, KubernetesObjectApi } from "@kubernetes/client-node";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterArgs } from "./cluster";
import { connectedConfig } from "./cluster-api";

/** Which object of a cluster. */
export interface ObjectKey {
  /** Its API version. */
  readonly apiVersion: string;
  /** Its kind. */
  readonly kind: string;
  /**
   * Its namespace.
   * @default - it belongs to no namespace
   */
  readonly namespace?: string;
  /** Its name. */
  readonly name: string;
}

/** An object as it is on the cluster, as far as it is looked at here. */
export interface LiveObject {
  /** Its labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** What a Secret holds, decoded; empty for any other kind. */
  readonly data: Readonly<Record<string, string>>;
}

/** Asks the cluster for an object; undefined where it is not there. */
export type ReadObject = (object: ObjectKey) => Promise<LiveObject | undefined>;

/**
 * Reads objects of the named cluster beside the provider, which cannot say that an object is not there: a
 * read that finds nothing fails the program. The client is loaded and connected when something is first
 * read, and is held to the cluster's identity like the provider is.
 * @throws `pulumi.RunError` when the context leads to another cluster, or an object may not be read.
 */
export function readObjectsOf(cluster: ClusterArgs): ReadObject {
  let client: Promise<KubernetesObjectApi> | undefined;
  return async (object) => {
    client ??= connect(cluster);
    const live = await read(await client, object);
    return live === undefined ? undefined : liveObject(live);
  };
}

async function connect(cluster: ClusterArgs): Promise<KubernetesObjectApi> {
  const { KubernetesObjectApi } = await import("@kubernetes/client-node");
  return KubernetesObjectApi.makeApiClient(await connectedConfig(cluster));
}

async function read(
  client: KubernetesObjectApi,
  { apiVersion, kind, namespace, name }: ObjectKey,
): Promise<KubernetesObject | undefined> {
  try {
    return await client.read({ apiVersion, kind, metadata: { name, namespace } });
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    const place = namespace === undefined ? name : `${namespace}/${name}`;
    throw new pulumi.RunError(
      `The ${kind} ${place} cannot be read, so it is not known whether it is there already: ` +
        // The client's message ends in the headers of the answer.
        `${String(error).split("\nHeaders:")[0] ?? ""}`,
    );
  }
}

/** Whether there is no such object, or no such kind yet: its definition comes with a chart of the same run. */
function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    (("code" in error && error.code === 404) ||
      /^Unrecognized API version and kind/.test(error.message))
  );
}

function liveObject(live: KubernetesObject & { readonly data?: unknown }): LiveObject {
  const data = live.kind === "Secret" ? (live.data ?? {}) : {};
  return {
    labels: live.metadata?.labels ?? {},
    data: Object.fromEntries(
      Object.entries(data as Readonly<Record<string, string>>).map(([key, value]) => [
        key,
        Buffer.from(value, "base64").toString("utf8"),
      ]),
    ),
  };
}
