import type { CoreV1Event, V1Job, V1PersistentVolumeClaim, V1Pod } from "@kubernetes/client-node";
import { podProblem, problemText, type PodProblem } from "../../pod";
import { rolloutProgress, type ControllerObject } from "../../progress";
import type { ControllerKind } from "../../services";
import { age } from "../../status";
import { secondsSince, selects, whereIs, type Context, type Seen } from "../seen";
import { condition, because, type Check, type Found } from "./check";

/** Workloads whose pods are not all ready. */
export const unreadyWorkloads: Check = {
  name: "workloads",
  reads: ["deployments", "statefulSets", "daemonSets", "pods", "events"],
  find: (seen, context) => [
    ...seen.deployments.flatMap((each) => unready("Deployment", each, seen, context)),
    ...seen.statefulSets.flatMap((each) => unready("StatefulSet", each, seen, context)),
    ...seen.daemonSets.flatMap((each) => unready("DaemonSet", each, seen, context)),
  ],
};

function unready(
  kind: ControllerKind,
  object: ControllerObject,
  seen: Seen,
  context: Context,
): readonly Found[] {
  const { state, replicas, detail } = rolloutProgress(kind, object);
  if (state === "complete") {
    return [];
  }
  const problem = podsOf(object, seen)
    .map((pod) => podProblem(pod, seen.events))
    .find((each) => each !== undefined && each.reason !== "Terminating");
  const { ready = 0, wanted = 0 } = replicas ?? {};
  const reasons = [
    ...(problem === undefined ? [] : [problemText(problem)]),
    ...((detail ?? "") ? [detail] : []),
  ];
  const { namespace = "", name = "" } = object.metadata ?? {};
  const service = context.serviceOf(kind, namespace, name);
  return [
    {
      severity: ready === 0 && wanted > 0 ? "critical" : state === "failed" ? "high" : "medium",
      where: whereIs(kind, object.metadata),
      what: `${String(ready)} of ${String(wanted)} pods are ready, and its rollout ${state === "failed" ? "has failed" : "is not complete"}: ${reasons.join("; ")}`,
      why:
        ready === 0 && wanted > 0
          ? "Nobody is served."
          : "Fewer pods serve than were asked for; the next update waits for it, and fails.",
      fix: remedy(problem, object, service, context),
    },
  ];
}

/** What helps against a reason of the kubelet or the scheduler. */
function remedy(
  problem: PodProblem | undefined,
  { metadata }: ControllerObject,
  service: string | undefined,
  { kubectl, stack }: Context,
): string {
  const { namespace = "", name = "" } = metadata ?? {};
  const back =
    service === undefined ? "" : `; to go back: npm run rollback -- --stack ${stack} ${service}`;
  const inContainer = problem?.container === undefined ? "" : ` --container ${problem.container}`;
  switch (problem?.reason) {
    case "ImagePullBackOff":
    case "ErrImagePull":
    case "InvalidImageName":
      return `give a version that is in the registry, or correct its pull Secret${back}`;
    case "Unschedulable":
    case "FailedScheduling":
      return "add nodes, or lower the requests or the spread that the message names";
    case "CreateContainerConfigError":
      return `make the Secret or ConfigMap that the message names${back}`;
    case "OOMKilled":
      return `raise its memory limit (resources.peak)${back}`;
    case undefined:
      return service === undefined
        ? `${kubectl} describe ${whatItIs(metadata)} --namespace ${namespace}`
        : `npm run rollout -- --stack ${stack} ${service} tells more${back}`;
    default:
      return `${kubectl} logs --selector app.kubernetes.io/name=${name} --namespace ${namespace}${inContainer} --previous tells more${back}`;
  }
}

function whatItIs(metadata: ControllerObject["metadata"]): string {
  return `deployments,statefulsets,daemonsets ${metadata?.name ?? ""}`;
}

function podsOf({ metadata, spec }: ControllerObject, { pods }: Seen): readonly V1Pod[] {
  const selector =
    spec !== undefined && "selector" in spec ? spec.selector?.matchLabels : undefined;
  return pods.filter(
    (pod) =>
      pod.metadata?.namespace === metadata?.namespace && selects(selector, pod.metadata?.labels),
  );
}

/** Jobs that failed, unless their CronJob has succeeded since. */
export const failedJobs: Check = {
  name: "jobs",
  reads: ["jobs", "pods", "events"],
  find: (seen, { kubectl, now }) =>
    seen.jobs.flatMap((job) => {
      const failed = condition(job.status?.conditions, "Failed");
      if (failed?.status !== "True" || isMadeUpFor(job, seen.jobs)) {
        return [];
      }
      const { namespace = "", name = "" } = job.metadata ?? {};
      const problem = podsOf(job, seen)
        .map((pod) => podProblem(pod, seen.events))
        .find((each) => each !== undefined);
      const at = failed.lastTransitionTime;
      const when = at === undefined ? "" : ` ${age(new Date(at), now)} ago`;
      const told = problem === undefined ? "" : `; ${problemText(problem)}`;
      return [
        {
          severity: "high" as const,
          where: whereIs("Job", job.metadata),
          what: `it failed${when}: ${because(failed)}${told}`,
          why: "What it was to do is not done; what waits for it, such as a rollout for its migration, does not go on.",
          fix: `${kubectl} logs job/${name} --namespace ${namespace} tells why; then update again, which makes a failed migration anew`,
        },
      ];
    }),
};

function isMadeUpFor(job: V1Job, jobs: readonly V1Job[]): boolean {
  const owner = job.metadata?.ownerReferences?.find(({ kind }) => kind === "CronJob")?.uid;
  const made = (each: V1Job): number => new Date(each.metadata?.creationTimestamp ?? 0).getTime();
  return (
    owner !== undefined &&
    jobs.some(
      (other) =>
        other.metadata?.ownerReferences?.some(({ uid }) => uid === owner) === true &&
        made(other) > made(job) &&
        condition(other.status?.conditions, "Complete")?.status === "True",
    )
  );
}

/** A claim is bound within a moment, except where its volume waits for the first pod. */
const bindingSeconds = 120;

/** Claims that got no volume, or lost it. */
export const unboundClaims: Check = {
  name: "volume claims",
  reads: ["claims", "pods", "events"],
  find: (seen, { kubectl, now }) =>
    seen.claims.flatMap((claim) => {
      const { metadata, spec, status } = claim;
      const { phase } = status ?? {};
      const isLate = secondsSince(metadata?.creationTimestamp, now) > bindingSeconds;
      const isUsed = seen.pods.some((pod) => mounts(pod, claim));
      if (phase !== "Lost" && (phase !== "Pending" || !isLate)) {
        return [];
      }
      const told = warningOf(claim, seen.events);
      const pending = isUsed
        ? "it has no volume yet"
        : "it has no volume, and no pod uses it: a volume that waits for its first pod is not made";
      return [
        {
          severity: phase === "Lost" || isUsed ? ("high" as const) : ("low" as const),
          where: whereIs("PersistentVolumeClaim", metadata),
          what: `${phase === "Lost" ? "its volume is gone" : pending}${told === undefined ? "" : `: ${told}`}`,
          why: isUsed ? "Its pods cannot start." : "It takes room in the quota and holds nothing.",
          fix: isUsed
            ? `check that storage class ${spec?.storageClassName ?? "(the default)"} exists and its provisioner runs: ${kubectl} get storageclass; ${kubectl} describe persistentvolumeclaim ${metadata?.name ?? ""} --namespace ${metadata?.namespace ?? ""}`
            : `${kubectl} delete persistentvolumeclaim ${metadata?.name ?? ""} --namespace ${metadata?.namespace ?? ""}, when nobody is to use it`,
        },
      ];
    }),
};

function mounts({ metadata, spec }: V1Pod, claim: V1PersistentVolumeClaim): boolean {
  return (
    metadata?.namespace === claim.metadata?.namespace &&
    (spec?.volumes ?? []).some(
      ({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claim.metadata?.name,
    )
  );
}

function warningOf(
  { metadata }: V1PersistentVolumeClaim,
  events: readonly CoreV1Event[],
): string | undefined {
  const found = events.filter(({ involvedObject }) => involvedObject.uid === metadata?.uid).at(-1);
  return found === undefined ? undefined : because(found);
}
