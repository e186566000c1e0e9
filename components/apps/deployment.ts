import type * as kubernetes from "@pulumi/kubernetes";
import { selectorLabels } from "../kit/labels";
import { spread } from "../kit/placement";
import { probeSpecs } from "../kit/probes";
import { podLabels, podTemplate } from "./pod-template";
import { containerPorts, portNumbers, servicePortSpecs } from "./ports";
import { maxSurge, rolloutTimes, type RolloutTimes } from "./rollout";
import { defaultScaling, scalingBounds, type Scaling, type ScalingBounds } from "./scaling";
import type { DeploymentWorkload } from "./workload-args";

/** The scaling of a workload, its default filled in. */
export function scalingOf(args: Pick<DeploymentWorkload, "scaling">): Scaling {
  return args.scaling ?? defaultScaling;
}

/** The fewest and the most pods of a workload. */
export function boundsOf(args: DeploymentWorkload): ScalingBounds {
  return scalingBounds(scalingOf(args));
}

/** The time spans of a workload's rollout. */
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
      container: {
        ports: containerPorts(args.ports),
        ...probeSpecs(args.probes, portNumbers(args.ports)),
        ...preStop(times.preStopSeconds),
      },
      pod: {
        restartPolicy: "Always",
        terminationGracePeriodSeconds: times.terminationGracePeriodSeconds,
        ...spread(selector, args.placement),
      },
    }),
  };
}

/** The kubelet waits itself: an image without a shell has no command that could. */
function preStop(seconds: number): Pick<kubernetes.types.input.core.v1.Container, "lifecycle"> {
  return seconds === 0 ? {} : { lifecycle: { preStop: { sleep: { seconds } } } };
}

/** The spec of the workload's Service: every port that others may call, inside the cluster. */
export function serviceSpec(
  args: DeploymentWorkload,
): kubernetes.types.input.core.v1.ServiceSpec | undefined {
  const ports = servicePortSpecs(args.ports);
  return ports.length === 0
    ? undefined
    : { type: "ClusterIP", selector: selectorLabels(args.service), ports };
}
