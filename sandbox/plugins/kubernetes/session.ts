import { type EngineLog, type Severity } from "../rpc/engine-log";
import { Discovery } from "./client/discovery";
import { ApiHttp } from "./client/http";
import { Informers } from "./client/informer";
import { clusterAccess, readKubeconfig } from "./client/kubeconfig";
import { KubeObjects } from "./client/objects";
import { groupOf, isBuiltInNamespaced } from "./object/built-in-kinds";
import { textAt, type KubeObject } from "./object/kube-object";
import { type ProviderSettings } from "./settings";

/** A cluster that answers. */
export interface Cluster {
  /** The kinds it serves. */
  readonly discovery: Discovery;

  /** Its objects. */
  readonly objects: KubeObjects;

  /** What follows its objects. */
  readonly informers: Informers;

  /** Its version, such as v1.36.3. */
  readonly version: string;
}

/** What every operation of a configured provider shares. */
export class Session {
  private readonly cancellation = new AbortController();
  private readonly definitions = new Map<string, KubeObject>();

  private constructor(
    readonly settings: ProviderSettings,
    readonly defaultNamespace: string,
    private readonly log: EngineLog,
    private readonly connected: Cluster | undefined,
    private readonly problem: string,
  ) {}

  /** Connects to the cluster; one that does not answer is found out by the operations that need it. */
  static async open(settings: ProviderSettings, log: EngineLog): Promise<Session> {
    try {
      if (settings.kubeconfig === undefined) {
        throw new Error("the provider's kubeconfig is not known yet");
      }
      const access = clusterAccess(readKubeconfig(settings.kubeconfig), settings);
      const namespace = settings.namespace ?? access.namespace;
      const http = new ApiHttp(access);
      const discovery = new Discovery(http);
      try {
        const { gitVersion: version } = await discovery.serverVersion();
        const objects = new KubeObjects(http, discovery);
        const informers = new Informers(objects);
        const cluster = { discovery, objects, informers, version };
        return new Session(settings, namespace, log, cluster, "");
      } catch (error) {
        return new Session(settings, namespace, log, undefined, messageOf(error));
      }
    } catch (error) {
      const namespace = settings.namespace ?? "default";
      return new Session(settings, namespace, log, undefined, messageOf(error));
    }
  }

  /** Fires when the user cancels. */
  get cancelled(): AbortSignal {
    return this.cancellation.signal;
  }

  cancel(): void {
    this.cancellation.abort();
  }

  /** Why the cluster cannot be used; empty when it can. */
  get unreachable(): string {
    return this.problem;
  }

  get cluster(): Cluster {
    if (this.connected === undefined) {
      throw new Error(`configured Kubernetes cluster is unreachable: ${this.problem}`);
    }
    return this.connected;
  }

  message(severity: Severity, urn: string, text: string): void {
    this.log.log(severity, urn, text);
  }

  status(urn: string, text: string): void {
    this.log.status("info", urn, text);
  }

  /** Remembers a custom resource definition of the program, which tells where its objects live. */
  remember(definition: KubeObject): void {
    const group = textAt(definition, "spec", "group");
    this.definitions.set(`${group}/${textAt(definition, "spec", "names", "kind")}`, definition);
  }

  /** Whether the cluster serves a kind. */
  async serves(apiVersion: string, kind: string): Promise<boolean> {
    return (
      this.connected !== undefined &&
      (await this.connected.discovery.find(apiVersion, kind)) !== undefined
    );
  }

  /** Whether objects of a kind live in a namespace; undefined when nobody knows. */
  async isNamespaced(apiVersion: string, kind: string): Promise<boolean | undefined> {
    const builtIn = isBuiltInNamespaced(apiVersion, kind);
    if (builtIn !== undefined) {
      return builtIn;
    }
    const definition = this.definitions.get(`${groupOf(apiVersion)}/${kind}`);
    if (definition !== undefined) {
      return textAt(definition, "spec", "scope") === "Namespaced";
    }
    return (await this.connected?.discovery.find(apiVersion, kind))?.namespaced;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
