import type * as kubernetes from "@pulumi/kubernetes";
import { spread } from "../../kit/placement";
import { podSelector } from "./existing";
import { podTemplate, selectedLabels } from "./pod-template";
import { maxSurge, rolloutTimes, singletonTimes, type RolloutTimes } from "./rollout";
import { boundsOf, isSingleton, replicasOf, scalingOf } from "./scaling";
import { servingPods } from "./serving";
import type { DeploymentWorkload } from "./workload-args";

/** The time spans of a Deployment's rollout. */
export function timesOf(args: DeploymentWorkload): RolloutTimes {
  const { probes, rollout = {}, shutdown = {} } = args;
  return isSingleton(args)
    ? singletonTimes(probes, rollout.minReady, shutdown)
    : rolloutTimes(probes, rollout, shutdown, boundsOf(args));
}

/**
 * The spec of a Deployment. It has no `replicas` when an autoscaler sets them, else each update would
 * put the number back.
 */
export function deploymentSpec(
  args: DeploymentWorkload,
): kubernetes.types.input.apps.v1.DeploymentSpec {
  const times = timesOf(args);
  const replicas = replicasOf(scalingOf(args));
  const selector = podSelector(args);
  return {
    ...(replicas === undefined ? {} : { replicas }),
    selector: { matchLabels: selector },
    minReadySeconds: times.minReadySeconds,
    progressDeadlineSeconds: times.progressDeadlineSeconds,
    revisionHistoryLimit: 3,
    strategy: isSingleton(args)
      ? { type: "Recreate" }
      : {
          type: "RollingUpdate",
          rollingUpdate: { maxUnavailable: 0, maxSurge: maxSurge(args.rollout ?? {}) },
        },
    template: podTemplate(args, {
      labels: selectedLabels(args),
      ...servingPods(args, times, spread(selector, args.placement)),
    }),
  };
}
