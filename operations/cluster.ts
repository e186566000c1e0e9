import {
  ApiException,
  AppsV1Api,
  BatchV1Api,
  CoreV1Api,
  KubeConfig,
  type CoreV1Event,
  type V1Deployment,
  type V1Job,
  type V1Pod,
} from "@kubernetes/client-node";
import { Failure } from "../sandbox/terminal/failure";
import type { ControllerObject } from "./progress";
import type { Controller } from "./services";
import type { NamedCluster } from "./stack";

/** Reads from the cluster that a stack names. It changes nothing. */
export interface ClusterReader {
  /** An object that runs pods; undefined when it is gone. */
  controller(controller: Controller): Promise<ControllerObject | undefined>;
  /** The pods of an object. */
  pods(controller: Controller, object: ControllerObject): Promise<readonly V1Pod[]>;
  /** The events of a namespace. */
  events(namespace: string): Promise<readonly CoreV1Event[]>;
  /** The last lines that a container printed; those of its run before, where it was restarted. */
  logs(pod: V1Pod, container: string, lines: number): Promise<readonly string[]>;
}

/**
 * Opens the cluster that a stack names, by its context and never by the one that happens to be current.
 * @throws Failure when the context is not there, or leads to another cluster.
 */
export async function openCluster(named: NamedCluster): Promise<ClusterReader> {
  const config = await openKubeConfig(named);
  return reader(
    config.makeApiClient(CoreV1Api),
    config.makeApiClient(AppsV1Api),
    config.makeApiClient(BatchV1Api),
  );
}

/** The context does not lead to the cluster that the stack is on. */
export class WrongClusterError extends Failure {}

/**
 * Chooses the context that a stack names, and asks its cluster who it is.
 * @throws WrongClusterError when the context is not there, or leads to another cluster; Failure when the cluster does
 * not say who it is.
 */
export async function openKubeConfig(named: NamedCluster): Promise<KubeConfig> {
  const config = loadKubeConfig(named.kubeconfig);
  if (config.getContextObject(named.context) === null) {
    throw new WrongClusterError(
      missingContext(named.context, config),
      "Add the context, or correct slipway:cluster.context in the stack file.",
    );
  }
  config.setCurrentContext(named.context);
  await checkIdentity(config.makeApiClient(CoreV1Api), named);
  return config;
}

/**
 * Loads a kubeconfig, the user's own unless a file is named.
 * @throws Failure when a file that is named is not there.
 */
export function loadKubeConfig(file?: string): KubeConfig {
  const config = new KubeConfig();
  try {
    if (file === undefined) {
      config.loadFromDefault();
    } else {
      config.loadFromFile(file);
    }
  } catch (error) {
    throw new Failure(
      `The kubeconfig cannot be read: ${messageOf(error)}.`,
      file === undefined
        ? "Correct KUBECONFIG, or the file that it names."
        : "Start the sandbox again: npm run sandbox -- up.",
    );
  }
  return config;
}

/** Says that a context is not there, and which are. */
export function missingContext(context: string, config: KubeConfig): string {
  const known = config.getContexts().map(({ name }) => name);
  // What the client makes up where it finds no file at all.
  const madeUp = known.join() === "loaded-context" && config.getUsers()[0]?.name === "user";
  return madeUp
    ? `There is no kubeconfig, so no context "${context}": KUBECONFIG names none, nor is there a ~/.kube/config.`
    : `The kubeconfig has no context "${context}"; it has ${known.join(", ")}.`;
}

async function checkIdentity(core: CoreV1Api, { context, identity }: NamedCluster): Promise<void> {
  const found = await core
    .readNamespace({ name: "kube-system" })
    .then(({ metadata }) => metadata?.uid)
    .catch((error: unknown) => {
      const reason =
        error instanceof ApiException ? `HTTP ${String(error.code)}` : messageOf(error);
      throw new Failure(
        `The cluster of context "${context}" does not say who it is: ${reason}.`,
        "Check that it runs, and that you may get the namespace kube-system.",
      );
    });
  if (found !== identity) {
    throw new WrongClusterError(
      `The context "${context}" leads to the cluster ${String(found)}, but the stack is on ${identity}.`,
      "Choose the context of that cluster, or correct slipway:cluster in the stack file.",
    );
  }
}

function reader(core: CoreV1Api, apps: AppsV1Api, batch: BatchV1Api): ClusterReader {
  return {
    controller: ({ kind, namespace, name }) => {
      const at = { namespace, name };
      const read: Record<Controller["kind"], () => Promise<ControllerObject>> = {
        Deployment: () => apps.readNamespacedDeployment(at),
        StatefulSet: () => apps.readNamespacedStatefulSet(at),
        DaemonSet: () => apps.readNamespacedDaemonSet(at),
        CronJob: () => batch.readNamespacedCronJob(at),
        Job: () => batch.readNamespacedJob(at),
      };
      return orGone(read[kind]());
    },
    pods: async ({ kind, namespace }, object) => {
      if (kind === "CronJob") {
        return [];
      }
      const { spec } = object as V1Deployment | V1Job;
      const labels = Object.entries(spec?.selector?.matchLabels ?? {});
      const labelSelector = labels.map(([key, value]) => `${key}=${value}`).join(",");
      return (await core.listNamespacedPod({ namespace, labelSelector })).items;
    },
    events: async (namespace) => (await core.listNamespacedEvent({ namespace })).items,
    logs: async (pod, container, lines) => {
      const { name = "", namespace = "" } = pod.metadata ?? {};
      const status = pod.status?.containerStatuses?.find((each) => each.name === container);
      const previous = (status?.restartCount ?? 0) > 0 && status?.state?.running === undefined;
      const printed = await core
        .readNamespacedPodLog({ name, namespace, container, tailLines: lines, previous })
        // A container that never started has none, and a node may be out of reach.
        .catch(() => "");
      return printed.split("\n").filter((line) => line !== "");
    },
  };
}

async function orGone<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof ApiException && error.code === 404) {
      return undefined;
    }
    throw error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
