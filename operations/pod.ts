import type { CoreV1Event, V1ContainerStatus, V1Pod } from "@kubernetes/client-node";

/** Why a pod is not ready. */
export interface PodProblem {
  /** In one word where Kubernetes has one: `ImagePullBackOff`, `Unschedulable`. */
  readonly reason: string;
  /** In Kubernetes' own words. @default - it has none */
  readonly message?: string;
  /** The container it is about; its logs may say more. @default - it is about the whole pod */
  readonly container?: string;
}

/** What a container waits for in the ordinary course of a start. */
const starting: readonly string[] = ["ContainerCreating", "PodInitializing"];

/** Says why a pod is not ready; undefined when it is, or has done what it was to do. */
export function podProblem(pod: V1Pod, events: readonly CoreV1Event[]): PodProblem | undefined {
  const { metadata, status } = pod;
  if (
    status?.phase === "Succeeded" ||
    (isReady(pod) && metadata?.deletionTimestamp === undefined)
  ) {
    return undefined;
  }
  if (metadata?.deletionTimestamp !== undefined) {
    return { reason: "Terminating", message: "it is being ended" };
  }
  const condition = status?.conditions?.find(
    ({ type, status: met }) => type === "PodScheduled" && met === "False",
  );
  if (condition !== undefined) {
    return problem(condition.reason ?? "Unschedulable", condition.message);
  }
  const containers = [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
  ];
  return (
    containers.map(containerProblem).find((found) => found !== undefined) ??
    notReady(containers, lastWarning(pod, events)) ??
    problem(status?.reason ?? status?.phase ?? "Unknown", status?.message)
  );
}

/** Says whether a pod is ready. */
function isReady({ status }: V1Pod): boolean {
  return (
    status?.conditions?.some(({ type, status: met }) => type === "Ready" && met === "True") ?? false
  );
}

/** A container that cannot start, or that has ended when it should not have. */
function containerProblem(status: V1ContainerStatus): PodProblem | undefined {
  const { name, state, lastState, restartCount } = status;
  const { waiting, terminated } = state ?? {};
  const ended = terminated ?? lastState?.terminated;
  const crash =
    ended === undefined || ended.exitCode === 0
      ? undefined
      : [
          `exit code ${String(ended.exitCode)}`,
          ...(ended.reason === undefined || ended.reason === "Error" ? [] : [ended.reason]),
          ...(restartCount > 0 ? [`${String(restartCount)} restarts`] : []),
          ...(ended.message === undefined ? [] : [ended.message.trim()]),
        ].join(", ");
  if (waiting?.reason !== undefined && !starting.includes(waiting.reason)) {
    return problem(waiting.reason, crash ?? waiting.message, name);
  }
  return crash === undefined || state?.running !== undefined
    ? undefined
    : problem(ended?.reason ?? "Error", crash, name);
}

/** Containers that are on their way, or that run and are not ready. */
function notReady(
  containers: readonly V1ContainerStatus[],
  warning: CoreV1Event | undefined,
): PodProblem | undefined {
  const status = containers.find(({ ready, state }) => !ready && state?.terminated === undefined);
  if (status === undefined) {
    return warning === undefined
      ? undefined
      : problem(warning.reason ?? "Warning", warning.message);
  }
  const { name, state } = status;
  if (state?.running === undefined) {
    const reason = state?.waiting?.reason ?? "ContainerCreating";
    return problem(warning?.reason ?? reason, warning?.message, name);
  }
  const what = status.started === false ? "its startup probe has not succeeded yet" : undefined;
  return problem(
    warning?.reason ?? "NotReady",
    warning?.message ?? what ?? "it runs, and its readiness probe does not succeed",
    name,
  );
}

function lastWarning(pod: V1Pod, events: readonly CoreV1Event[]): CoreV1Event | undefined {
  return events
    .filter(
      ({ type, involvedObject }) => type === "Warning" && involvedObject.uid === pod.metadata?.uid,
    )
    .sort((a, b) => timeOf(a) - timeOf(b))
    .at(-1);
}

function timeOf({ lastTimestamp, eventTime, firstTimestamp }: CoreV1Event): number {
  return new Date(lastTimestamp ?? eventTime ?? firstTimestamp ?? 0).getTime();
}

function problem(reason: string, message?: string, container?: string): PodProblem {
  return {
    reason,
    ...(message === undefined || message === "" ? {} : { message }),
    ...(container === undefined ? {} : { container }),
  };
}

/** A problem in one line. */
export function problemText({ reason, message, container }: PodProblem): string {
  const where = container === undefined ? "" : ` (container ${container})`;
  return message === undefined ? `${reason}${where}` : `${reason}${where}: ${message}`;
}
