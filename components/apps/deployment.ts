import type * as kubernetes from "@pulumi/kubernetes";
import { selectorLabels } from "../kit/labels";
import { spread } from "../kit/placement";
import { podLabels, podTemplate } from "./pod-template";
import { maxSurge, rolloutTimes, type RolloutTimes } from "./rollout";
import { boundsOf, scalingOf } from "./scaling";
import { servingPods } from "./serving";
import type { DeploymentWorkload } from "./workload-args";

/** The time spans of a Deployment's rollout. */
export function timesOf(args: DeploymentWorkload): RolloutTimes {
  return rolloutTimes(args.probes, args.rollout ?? {}, args.shutdown ?? {}, boundsOf(args));
}

/**
 * The spec of a Deployment. It has no `replicas` when an autoscaler sets them, else each update would
 * put the number back.
 */
export function deploymentSpec(
  args: DeploymentWorkload,
): kubernetes.types.input.apps.v1.DeploymentSpec {
  const times = timesOf(args);
  const { fixed } = scalingOf(args);
  const selector = selectorLabels(args.service);
  return {
    ...(fixed === undefined ? {} : { replicas: fixed }),
    selector: { matchLabels: selector },
    minReadySeconds: times.minReadySeconds,
    progressDeadlineSeconds: times.progressDeadlineSeconds,
    revisionHistoryLimit: 3,
    strategy: {
      type: "RollingUpdate",
      rollingUpdate: { maxUnavailable: 0, maxSurge: maxSurge(args.rollout ?? {}) },
    },
    template: podTemplate(args, {
      labels: podLabels(args),
      ...servingPods(args, times, spread(selector, args.placement)),
    }),
  };
}
