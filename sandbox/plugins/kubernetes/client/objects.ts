import { type PlainMap } from "../../rpc/values";
import { nameOf, namespaceOf, type KubeObject } from "../object/kube-object";
import { type Discovery } from "./discovery";
import { type ApiHttp } from "./http";

/** Options every write has. */
export interface WriteOptions {
  /** Whether the server only computes the result. */
  readonly dryRun: boolean;

  /** The name under which fields become owned. */
  readonly fieldManager: string;
}

/** Options of a server-side apply. */
export interface ApplyOptions extends WriteOptions {
  /** Whether fields of other managers are taken over. */
  readonly force: boolean;
}

/** What happens to the objects that belong to a deleted one. */
export type Propagation = "Foreground" | "Background" | "Orphan";

/** Which objects to list or watch. */
export interface Selection {
  /** API version of the kind. */
  readonly apiVersion: string;

  /** The kind. */
  readonly kind: string;

  /** The namespace; ignored for kinds of the whole cluster. */
  readonly namespace: string;
}

/** Reads and writes the objects of one cluster. */
export class KubeObjects {
  constructor(
    private readonly http: ApiHttp,
    private readonly discovery: Discovery,
  ) {}

  async get(object: KubeObject): Promise<KubeObject> {
    return this.send({ method: "GET", path: await this.pathOf(object) });
  }

  async create(object: KubeObject, options: WriteOptions): Promise<KubeObject> {
    return this.send({
      method: "POST",
      path: await this.collectionOf(object),
      query: writeQuery(options),
      body: object,
    });
  }

  /** Applies the object on the server, which merges it with the fields of other managers. */
  async apply(object: KubeObject, options: ApplyOptions): Promise<KubeObject> {
    return this.send({
      method: "PATCH",
      path: await this.pathOf(object),
      query: { ...writeQuery(options), force: String(options.force) },
      body: object,
      contentType: "application/apply-patch+yaml",
    });
  }

  async replace(object: KubeObject, options: WriteOptions): Promise<KubeObject> {
    return this.send({
      method: "PUT",
      path: await this.pathOf(object),
      query: writeQuery(options),
      body: object,
    });
  }

  /** @param operations a JSON patch (RFC 6902) */
  async jsonPatch(object: KubeObject, operations: readonly PlainMap[]): Promise<KubeObject> {
    return this.send({
      method: "PATCH",
      path: await this.pathOf(object),
      body: operations,
      contentType: "application/json-patch+json",
    });
  }

  async delete(object: KubeObject, propagationPolicy: Propagation): Promise<void> {
    await this.http.send({
      method: "DELETE",
      path: await this.pathOf(object),
      body: { propagationPolicy },
    });
  }

  /** Lists the selected objects, with the version from which a watch goes on. */
  async list(selection: Selection): Promise<{ items: readonly KubeObject[]; version: string }> {
    const answer = await this.http.send({ method: "GET", path: await this.selected(selection) });
    const { items, metadata } = answer as unknown as {
      items: KubeObject[] | null;
      metadata: { resourceVersion: string };
    };
    // The items of a list carry neither kind nor API version.
    const { apiVersion, kind } = selection;
    return {
      items: (items ?? []).map((item) => ({ ...item, apiVersion, kind })),
      version: metadata.resourceVersion,
    };
  }

  /** Watches the selected objects until the server ends the watch or the signal does. */
  async watch(
    selection: Selection,
    version: string,
    signal: AbortSignal,
    onEvent: (event: { type: string; object: KubeObject }) => void,
  ): Promise<void> {
    await this.http.stream(
      {
        method: "GET",
        path: await this.selected(selection),
        query: { watch: "true", resourceVersion: version, allowWatchBookmarks: "true" },
        signal,
      },
      (line) => onEvent(line as unknown as { type: string; object: KubeObject }),
    );
  }

  private async send(request: Parameters<ApiHttp["send"]>[0]): Promise<KubeObject> {
    return (await this.http.send(request)) as KubeObject;
  }

  private async pathOf(object: KubeObject): Promise<string> {
    return `${await this.collectionOf(object)}/${encodeURIComponent(nameOf(object))}`;
  }

  private collectionOf(object: KubeObject): Promise<string> {
    const { apiVersion, kind } = object;
    return this.selected({ apiVersion, kind, namespace: namespaceOf(object) });
  }

  private async selected({ apiVersion, kind, namespace }: Selection): Promise<string> {
    const { api, resource, namespaced } = await this.discovery.locate(apiVersion, kind);
    return namespaced
      ? `${api}/namespaces/${namespace === "" ? "default" : namespace}/${resource}`
      : `${api}/${resource}`;
  }
}

function writeQuery({ dryRun, fieldManager }: WriteOptions): Record<string, string> {
  return { fieldManager, ...(dryRun ? { dryRun: "All" } : {}) };
}
