import { Agent } from "node:http";
import type { RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { ApiError } from "../sandbox/plugins/kubernetes/client/api-error";
import { Discovery, type KindLocation } from "../sandbox/plugins/kubernetes/client/discovery";
import { ApiHttp } from "../sandbox/plugins/kubernetes/client/http";
import { KubeObjects } from "../sandbox/plugins/kubernetes/client/objects";
import type { KubeObject } from "../sandbox/plugins/kubernetes/object/kube-object";

/** A kind as the cluster serves it. */
export interface ServedKind extends KindLocation {
  /** Its API version, the group's preferred one. */
  readonly apiVersion: string;
  /** Its name, such as `Deployment`. */
  readonly kind: string;
}

/** Some objects, and where we were not allowed to look for more. */
export interface Listed<T> {
  /** What was found. */
  readonly items: readonly T[];
  /** What we may not list, in words; none when everything was seen. */
  readonly denied: readonly string[];
}

/** Which objects are listed. */
export interface Listing {
  /** The namespaces to look in, for kinds that have one. */
  readonly namespaces: readonly string[];
  /** Selects by fields, such as `type=Warning`. @default - all */
  readonly fieldSelector?: string;
  /** Asks for names, labels and finalizers, and not for what the objects hold. @default false */
  readonly onlyMetadata?: boolean;
}

const metadataList = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/** How many objects a page holds. */
const page = "500";

/**
 * The API server of a cluster, asked for plain JSON. The generated client drops fields that are newer than it, which
 * would look like differences; it only opens the connection here.
 */
export class ClusterApi {
  /** Reads single objects, and asks what would become of them. */
  readonly objects: KubeObjects;
  private readonly discovery: Discovery;

  private constructor(private readonly http: ApiHttp) {
    this.discovery = new Discovery(http);
    this.objects = new KubeObjects(http, this.discovery);
  }

  /** Connects to the current context of a kubeconfig. */
  static async connect(config: KubeConfig): Promise<ClusterApi> {
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const { auth, ca, cert, key, rejectUnauthorized, servername } = options;
    const cluster = config.getCurrentCluster();
    const header = new Headers(options.headers as Record<string, string>).get("authorization");
    const authorization = auth
      ? `Basic ${Buffer.from(auth).toString("base64")}`
      : (header ?? undefined);
    return new ClusterApi(
      new ApiHttp({
        server: (cluster?.server ?? "").replace(/\/+$/, ""),
        namespace: "default",
        ca: ca?.toString(),
        certificate: cert?.toString(),
        key: key?.toString(),
        insecure: rejectUnauthorized === false,
        serverName: servername,
        ...(authorization === undefined ? {} : { authorization: () => authorization }),
        ...(cluster?.proxyUrl && options.agent instanceof Agent ? { agent: options.agent } : {}),
        userAgent: "slipway",
      }),
    );
  }

  /** Closes the connections. */
  close(): void {
    this.http.close();
  }

  /** Every kind that can be listed, each in the version that its group prefers. */
  async kinds(): Promise<readonly ServedKind[]> {
    const kinds = new Map<string, ServedKind>();
    for (const [key, location] of await this.discovery.served()) {
      const cut = key.lastIndexOf("/");
      const [apiVersion, kind] = [key.slice(0, cut), key.slice(cut + 1)];
      const name = `${groupOf(apiVersion)}/${kind}`;
      if (location.verbs.includes("list") && !kinds.has(name)) {
        kinds.set(name, { ...location, apiVersion, kind });
      }
    }
    return [...kinds.values()];
  }

  /** Lists the objects of a kind: of the whole cluster where we may, else of each namespace. */
  async list<T extends KubeObject>(kind: ServedKind, listing: Listing): Promise<Listed<T>> {
    const wanted = new Set(listing.namespaces);
    const all = await this.pages<T>(kind, `${kind.api}/${kind.resource}`, listing);
    if (all !== undefined) {
      const items = kind.namespaced
        ? all.filter(({ metadata }) => wanted.has(namespaceIn(metadata)))
        : all;
      return { items, denied: [] };
    }
    if (!kind.namespaced) {
      return { items: [], denied: [`list ${kind.resource}`] };
    }
    const each = await Promise.all(
      listing.namespaces.map(async (namespace) => {
        const path = `${kind.api}/namespaces/${namespace}/${kind.resource}`;
        return { namespace, items: await this.pages<T>(kind, path, listing) };
      }),
    );
    const denied = each.filter(({ items }) => items === undefined).map((one) => one.namespace);
    return {
      items: each.flatMap(({ items }) => items ?? []),
      denied:
        denied.length === 0
          ? []
          : [
              denied.length === listing.namespaces.length
                ? `list ${kind.resource}`
                : `list ${kind.resource} in ${denied.join(", ")}`,
            ],
    };
  }

  /** Every page of a list; undefined when we may not see it. */
  private async pages<T extends KubeObject>(
    { apiVersion, kind }: ServedKind,
    path: string,
    { fieldSelector, onlyMetadata }: Listing,
  ): Promise<readonly T[] | undefined> {
    const items: T[] = [];
    let next: string | undefined;
    do {
      const query = {
        limit: page,
        ...(fieldSelector === undefined ? {} : { fieldSelector }),
        ...(next === undefined ? {} : { continue: next }),
      };
      const accept = onlyMetadata === true ? metadataList : "application/json";
      const answer = await this.http
        .send({ method: "GET", path, query, accept })
        .catch((error: unknown) => orStatus(error, 403, 404, 405));
      if (typeof answer === "number") {
        // A definition may have gone since we asked for the kinds.
        return answer === 403 ? undefined : [];
      }
      const { items: found, metadata } = answer as unknown as {
        readonly items: readonly T[] | null;
        readonly metadata?: { readonly continue?: string };
      };
      // The items of a list carry neither kind nor API version.
      items.push(...(found ?? []).map((item) => ({ ...item, apiVersion, kind })));
      next = metadata?.continue === "" ? undefined : metadata?.continue;
    } while (next !== undefined);
    return items;
  }
}

/** The API group of a version; empty for the core's. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}

/** The status of a refusal, when it is one of those; any other error is thrown. */
export function orStatus(error: unknown, ...statuses: readonly number[]): number {
  if (error instanceof ApiError && statuses.includes(error.status.code)) {
    return error.status.code;
  }
  throw error;
}

function namespaceIn(metadata: unknown): string {
  return (metadata as { readonly namespace?: string } | undefined)?.namespace ?? "";
}
