import { fields, number } from "../../policy/core/fields";
import { type ObjectView } from "../../policy/core/object";
import { type PodView } from "../../policy/core/pod";
import { parseIntOrPercent, resolveCount } from "../../policy/kubernetes/int-or-percent";
import { rolloutOf } from "../../policy/kubernetes/rollout";

/** How a workload replaces its pods. */
export interface RolloutPlan {
  /** In words: `4 pods, 1 more at a time, none missing`. */
  readonly words: string;
  /** Pods that exist beside the wanted number for a while. */
  readonly surge: number;
  /** Whether at some moment no pod is ready. */
  readonly downtime: boolean;
  /** The longest it may take by its own probes and grace periods, in seconds; undefined when nobody can say. */
  readonly seconds: number | undefined;
}

// What the API server fills in: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
const defaultPeriod = 10;
const defaultFailures = 3;
const defaultGrace = 30;

/** How a workload with that many pods rolls. */
export function rolloutPlan(view: ObjectView, replicas: number): RolloutPlan {
  if (view.is("StatefulSet")) {
    return statefulSetPlan(view, replicas);
  }
  if (view.is("DaemonSet")) {
    const words = "one pod per node, a node at a time";
    return { words, surge: 0, downtime: false, seconds: undefined };
  }
  return deploymentPlan(view, replicas);
}

function deploymentPlan(view: ObjectView, replicas: number): RolloutPlan {
  const pods = replicas === 1 ? "1 pod" : `${replicas} pods`;
  const rollout = rolloutOf(view, replicas);
  const ready = secondsToReady(view);
  const grace = graceOf(view.pod);
  if (rollout === undefined) {
    const seconds = ready + grace;
    return {
      words: `${pods}, all stopped before the new ones start`,
      surge: 0,
      downtime: replicas > 0,
      seconds,
    };
  }
  const { surge, unavailable } = rollout;
  const atOnce = Math.max(1, surge + unavailable);
  const missing = Math.min(unavailable, replicas);
  return {
    words: `${pods}, ${surge} more at a time, ${missing === 0 ? "none" : missing} missing`,
    surge,
    downtime: replicas > 0 && missing >= replicas,
    seconds: Math.ceil(replicas / atOnce) * ready + grace,
  };
}

function statefulSetPlan(view: ObjectView, replicas: number): RolloutPlan {
  const strategy = fields(view.spec["updateStrategy"]);
  const pods = replicas === 1 ? "1 pod" : `${replicas} pods`;
  if (strategy["type"] === "OnDelete") {
    return {
      words: `${pods}, when somebody deletes them`,
      surge: 0,
      downtime: false,
      seconds: undefined,
    };
  }
  const rolling = fields(strategy["rollingUpdate"]);
  const partition = number(rolling["partition"]) ?? 0;
  const given = parseIntOrPercent(rolling["maxUnavailable"]);
  const atOnce = given === undefined ? 1 : Math.max(1, resolveCount(given, replicas, "up"));
  const moving = Math.max(0, replicas - partition);
  const rest = partition === 0 ? "" : `; the first ${Math.min(partition, replicas)} stay`;
  return {
    words: `${pods}, ${atOnce} at a time from the last${rest}`,
    surge: 0,
    downtime: replicas > 0 && atOnce >= replicas,
    seconds: Math.ceil(moving / atOnce) * (secondsToReady(view) + graceOf(view.pod)),
  };
}

/** The longest a pod may take from its start until it counts: its startup or readiness window. */
function secondsToReady({ pod, spec }: ObjectView): number {
  const windows = (pod?.running ?? []).map(({ spec: container }) =>
    probeWindow(container["startupProbe"] ?? container["readinessProbe"]),
  );
  return Math.max(0, ...windows) + (number(spec["minReadySeconds"]) ?? 0);
}

function probeWindow(probe: unknown): number {
  if (probe === undefined) {
    return 0;
  }
  const { initialDelaySeconds, periodSeconds, failureThreshold } = fields(probe);
  const period = number(periodSeconds) ?? defaultPeriod;
  return (
    (number(initialDelaySeconds) ?? 0) + period * (number(failureThreshold) ?? defaultFailures)
  );
}

function graceOf(pod: PodView | undefined): number {
  return number(pod?.spec["terminationGracePeriodSeconds"]) ?? defaultGrace;
}
