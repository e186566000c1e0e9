import {
  ApiException,
  KubernetesObjectApi,
  PatchStrategy,
  type KubernetesObject,
} from "@kubernetes/client-node";
import { Failure } from "../../sandbox/terminal/failure";
import { openKubeConfig } from "../cluster";
import type { NamedCluster } from "../stack";
import { environmentLabel, expiryAnnotation, templateLabel, type ClusterObject } from "./objects";

/** An environment's namespace in the cluster. */
export interface EnvironmentNamespace {
  /** Its name. */
  readonly name: string;
  /** The environment's stack. @default - it is no environment's */
  readonly stack?: string;
  /** Until when the environment is wanted. @default - nobody said */
  readonly expires?: Date;
  /** Whether it is being deleted. */
  readonly leaving: boolean;
}

/** What `environment` does in the cluster. */
export interface EnvironmentCluster {
  /** A namespace; undefined when it is not there. */
  namespace(name: string): Promise<EnvironmentNamespace | undefined>;
  /** The namespaces of all environments of a template. */
  namespaces(template: string): Promise<readonly EnvironmentNamespace[]>;
  /** Makes an object, or makes it what it is to be. */
  apply(object: ClusterObject): Promise<void>;
  /** A Secret of a namespace. @throws Failure when it is not there. */
  secret(namespace: string, name: string): Promise<ClusterObject>;
  /** Deletes what belongs to an environment's stack: grants first, then its namespaces, until they are gone. */
  remove(stack: string): Promise<void>;
}

/** The kinds of an environment's objects outside its namespaces. */
const outside = [
  ["networking.k8s.io/v1", "NetworkPolicy"],
  ["rbac.authorization.k8s.io/v1", "RoleBinding"],
  ["rbac.authorization.k8s.io/v1", "Role"],
] as const;

/** How long a namespace may take to go; its ExternalSecrets and volumes go first. */
const patience = { attempts: 150, intervalMs: 2000 };

/** Opens the cluster that a stack names, its identity checked. */
export async function openEnvironmentCluster(named: NamedCluster): Promise<EnvironmentCluster> {
  const api = KubernetesObjectApi.makeApiClient(await openKubeConfig(named));
  const labelled = (apiVersion: string, kind: string, selector: string) =>
    api
      .list(apiVersion, kind, undefined, undefined, undefined, undefined, undefined, selector)
      // A list leaves out of each object what kind it is.
      .then(({ items }) => items.map((item) => ({ ...item, apiVersion, kind })));
  const namespacesWith = async (selector: string) =>
    (await labelled("v1", "Namespace", selector)).map(described);

  return {
    namespace: async (name) => {
      const found = await orGone(api.read(header("v1", "Namespace", name)));
      return found && described(found);
    },
    namespaces: (template) => namespacesWith(`${templateLabel}=${template}`),
    apply: async (object) => {
      await api.patch(
        object as KubernetesObject,
        ...[undefined, undefined, "slipway-environment", true],
        PatchStrategy.ServerSideApply,
      );
    },
    secret: async (namespace, name) => {
      const found = await orGone(api.read(header("v1", "Secret", name, namespace)));
      if (found === undefined) {
        throw new Failure(
          `There is no Secret ${namespace}/${name} to pull images with.`,
          "Make it: environments get a copy of the one in their application's namespace.",
        );
      }
      return found as unknown as ClusterObject;
    },
    remove: async (stack) => {
      const selector = `${environmentLabel}=${stack}`;
      for (const [apiVersion, kind] of outside) {
        for (const object of await labelled(apiVersion, kind, selector)) {
          await orGone(api.delete(object));
        }
      }
      for (const { name } of await namespacesWith(selector)) {
        await orGone(api.delete(header("v1", "Namespace", name)));
      }
      for (let attempt = 0; attempt < patience.attempts; attempt += 1) {
        if ((await namespacesWith(selector)).length === 0) {
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, patience.intervalMs));
      }
      const left = (await namespacesWith(selector)).map(({ name }) => name).join(", ");
      throw new Failure(
        `The namespaces ${left} do not go.`,
        "Look at their conditions for what holds them, then run the same command again.",
      );
    },
  };
}

function header(apiVersion: string, kind: string, name: string, namespace?: string) {
  return {
    apiVersion,
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  };
}

function described({ metadata }: KubernetesObject): EnvironmentNamespace {
  const stack = metadata?.labels?.[environmentLabel];
  const expires = metadata?.annotations?.[expiryAnnotation];
  return {
    name: metadata?.name ?? "",
    ...(stack === undefined ? {} : { stack }),
    ...(expires === undefined ? {} : { expires: new Date(expires) }),
    leaving: metadata?.deletionTimestamp !== undefined,
  };
}

async function orGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiException && error.code === 404) {
      return undefined;
    }
    throw error;
  }
}
