import { z } from "zod";
import { NoSuchKind } from "./api-error";
import { type ApiHttp } from "./http";

/** Where the API server serves one kind. */
export interface KindLocation {
  /** The API's path, `/api/v1` or `/apis/<group>/<version>`. */
  readonly api: string;

  /** The plural in paths, such as `deployments`. */
  readonly resource: string;

  /** Whether objects of the kind live in a namespace. */
  readonly namespaced: boolean;

  /** What may be asked of them, such as `list`. */
  readonly verbs: readonly string[];
}

/** The API server's version. */
export interface ServerVersion {
  /** The full version, such as v1.36.3. */
  readonly gitVersion: string;
}

// Aggregated discovery is served since Kubernetes 1.27 (KEP-3352): all kinds in two requests.
const AGGREGATED = ["v2", "v2beta1"]
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .join(",");

const GROUP_LIST = z.object({
  kind: z.literal("APIGroupDiscoveryList"),
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string().default("") }),
      versions: z.array(
        z.object({
          version: z.string(),
          resources: z
            .array(
              z.object({
                resource: z.string(),
                scope: z.string(),
                verbs: z.array(z.string()).default([]),
                responseKind: z.object({ kind: z.string() }).optional(),
              }),
            )
            .default([]),
        }),
      ),
    }),
  ),
});

type Kinds = ReadonlyMap<string, KindLocation>;

/** Knows the kinds an API server serves; asks once, and again after `forget`. */
export class Discovery {
  private kinds: Promise<Kinds> | undefined;

  constructor(private readonly http: ApiHttp) {}

  /** Drops what is known, because a custom resource definition came or went. */
  forget(): void {
    this.kinds = undefined;
  }

  /** Finds a kind, asking the server afresh when it is not known. */
  async locate(apiVersion: string, kind: string): Promise<KindLocation> {
    const known = await this.find(apiVersion, kind);
    if (known !== undefined) {
      return known;
    }
    this.forget();
    const fresh = await this.find(apiVersion, kind);
    if (fresh === undefined) {
      throw new NoSuchKind(apiVersion, kind);
    }
    return fresh;
  }

  /** Finds a kind among what is known. */
  async find(apiVersion: string, kind: string): Promise<KindLocation | undefined> {
    const kinds = await this.known();
    return kinds.get(`${canonical(apiVersion)}/${kind}`);
  }

  /** Where every kind is served, by its API version and its name; the preferred version of a group comes first. */
  served(): Promise<ReadonlyMap<string, KindLocation>> {
    return this.known();
  }

  /** Every API version, and every API version with a kind, the way Helm's `--api-versions` takes them. */
  async apiVersions(): Promise<readonly string[]> {
    const full = [...(await this.known()).keys()];
    const versions = new Set(full.map((key) => key.slice(0, key.lastIndexOf("/"))));
    return [...versions, ...full];
  }

  async serverVersion(): Promise<ServerVersion> {
    const answer = await this.http.send({ method: "GET", path: "/version" });
    return z.object({ gitVersion: z.string() }).parse(answer);
  }

  private known(): Promise<Kinds> {
    if (this.kinds === undefined) {
      const asked = this.ask();
      this.kinds = asked;
      // A failure is not kept: the next caller asks again.
      asked.catch(() => {
        if (this.kinds === asked) {
          this.forget();
        }
      });
    }
    return this.kinds;
  }

  private async ask(): Promise<Kinds> {
    const lists = await Promise.all(
      ["/api", "/apis"].map((path) =>
        this.http.send({ method: "GET", path, accept: `${AGGREGATED},application/json` }),
      ),
    );
    const kinds = new Map<string, KindLocation>();
    for (const list of lists) {
      const parsed = GROUP_LIST.safeParse(list);
      if (!parsed.success) {
        throw new Error(
          "The API server has no aggregated discovery, which it has since Kubernetes 1.27. " +
            "Use a newer cluster, or the official Pulumi plugin.",
        );
      }
      for (const { metadata, versions } of parsed.data.items) {
        for (const { version, resources } of versions) {
          const apiVersion = metadata.name === "" ? version : `${metadata.name}/${version}`;
          for (const { resource, scope, verbs, responseKind } of resources) {
            if (responseKind !== undefined) {
              kinds.set(`${apiVersion}/${responseKind.kind}`, {
                api: metadata.name === "" ? `/api/${version}` : `/apis/${apiVersion}`,
                resource,
                namespaced: scope === "Namespaced",
                verbs,
              });
            }
          }
        }
      }
    }
    return kinds;
  }
}

function canonical(apiVersion: string): string {
  return apiVersion === "core/v1" ? "v1" : apiVersion;
}
