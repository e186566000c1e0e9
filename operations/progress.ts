import type {
  V1CronJob,
  V1DaemonSet,
  V1Deployment,
  V1Job,
  V1ObjectMeta,
  V1StatefulSet,
} from "@kubernetes/client-node";
import type { ControllerKind } from "./services";

/** An object that runs pods. */
export type ControllerObject = V1Deployment | V1StatefulSet | V1DaemonSet | V1CronJob | V1Job;

/** How far a rollout is. */
export interface RolloutProgress {
  /** Whether it is complete, under way, or given up by its controller. */
  readonly state: "complete" | "under way" | "failed";
  /** How many pods are ready, and how many there are to be. @default - it has no pods of its own all the time */
  readonly replicas?: { readonly ready: number; readonly wanted: number };
  /** What it waits for, or why it was given up. @default - nothing */
  readonly detail?: string;
}

/** Says how far the rollout of an object is. */
export function rolloutProgress(kind: ControllerKind, object: ControllerObject): RolloutProgress {
  switch (kind) {
    case "Deployment":
      return deploymentProgress(object as V1Deployment);
    case "StatefulSet":
      return statefulSetProgress(object as V1StatefulSet);
    case "DaemonSet":
      return daemonSetProgress(object as V1DaemonSet);
    case "CronJob":
      return { state: "complete" };
    case "Job":
      return jobProgress(object as V1Job);
  }
}

function deploymentProgress({ metadata, spec, status = {} }: V1Deployment): RolloutProgress {
  const wanted = spec?.replicas ?? 1;
  const replicas = { ready: status.readyReplicas ?? 0, wanted };
  const stopped = status.conditions?.find(
    ({ type, status: met }) =>
      (type === "Progressing" && met === "False") || (type === "ReplicaFailure" && met === "True"),
  );
  if (isBehind(metadata, status.observedGeneration)) {
    return { state: "under way", replicas, detail: "the controller has not seen it yet" };
  }
  if (stopped !== undefined) {
    return {
      state: stopped.type === "Progressing" ? "failed" : "under way",
      replicas,
      detail: [stopped.reason, stopped.message].filter(Boolean).join(": "),
    };
  }
  return counted(replicas, {
    updated: status.updatedReplicas ?? 0,
    available: status.availableReplicas ?? 0,
    old: Math.max(0, (status.replicas ?? 0) - (status.updatedReplicas ?? 0)),
  });
}

function statefulSetProgress({ metadata, spec, status }: V1StatefulSet): RolloutProgress {
  const wanted = spec?.replicas ?? 1;
  const replicas = { ready: status?.readyReplicas ?? 0, wanted };
  if (isBehind(metadata, status?.observedGeneration)) {
    return { state: "under way", replicas, detail: "the controller has not seen it yet" };
  }
  const isSame = status?.currentRevision === status?.updateRevision;
  return counted(replicas, {
    updated: isSame ? wanted : (status?.updatedReplicas ?? 0),
    available: status?.availableReplicas ?? replicas.ready,
    old: 0,
  });
}

function daemonSetProgress({ metadata, status }: V1DaemonSet): RolloutProgress {
  const wanted = status?.desiredNumberScheduled ?? 0;
  const replicas = { ready: status?.numberReady ?? 0, wanted };
  return isBehind(metadata, status?.observedGeneration)
    ? { state: "under way", replicas, detail: "the controller has not seen it yet" }
    : counted(replicas, {
        updated: status?.updatedNumberScheduled ?? 0,
        available: status?.numberAvailable ?? 0,
        old: 0,
      });
}

function counted(
  replicas: NonNullable<RolloutProgress["replicas"]>,
  pods: { readonly updated: number; readonly available: number; readonly old: number },
): RolloutProgress {
  const { wanted } = replicas;
  const missing = [
    ...(pods.updated < wanted ? [`${String(pods.updated)} of ${String(wanted)} updated`] : []),
    ...(pods.available < wanted
      ? [`${String(pods.available)} of ${String(wanted)} available`]
      : []),
    ...(pods.old > 0 ? [`${String(pods.old)} of the old version still there`] : []),
  ];
  return missing.length === 0
    ? { state: "complete", replicas }
    : { state: "under way", replicas, detail: missing.join(", ") };
}

function jobProgress({ status }: V1Job): RolloutProgress {
  const met = (type: string) =>
    status?.conditions?.find((each) => each.type === type && each.status === "True");
  const failed = met("Failed");
  if (failed !== undefined) {
    const detail = [failed.reason, failed.message].filter(Boolean).join(": ");
    return { state: "failed", detail };
  }
  return met("Complete") === undefined
    ? { state: "under way", detail: "it has not ended yet" }
    : { state: "complete" };
}

function isBehind(metadata: V1ObjectMeta | undefined, observed: number | undefined): boolean {
  return (observed ?? 0) < (metadata?.generation ?? 0);
}

/** When an object was last deployed: written as a whole, and not only its status or scale. */
export function deployedAt({ metadata }: ControllerObject): Date | undefined {
  const writes = (metadata?.managedFields ?? [])
    .filter(({ subresource, manager = "" }) => subresource === undefined && !/^kube-/.test(manager))
    .flatMap(({ time }) => (time === undefined ? [] : [new Date(time)]));
  const created = metadata?.creationTimestamp;
  return (
    writes.sort((a, b) => a.getTime() - b.getTime()).at(-1) ??
    (created === undefined ? undefined : new Date(created))
  );
}

/** The image of a service's own container. */
export function imageOf(kind: ControllerKind, object: ControllerObject, service: string): string {
  const spec =
    kind === "CronJob"
      ? (object as V1CronJob).spec?.jobTemplate.spec?.template.spec
      : (object as V1Deployment).spec?.template.spec;
  const name = service.split("/").at(-1);
  const containers = spec?.containers ?? [];
  return (containers.find((each) => each.name === name) ?? containers[0])?.image ?? "";
}
