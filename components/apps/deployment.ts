import type * as kubernetes from "@pulumi/kubernetes";
import { selectorLabels } from "../kit/labels";
import { spread } from "../kit/placement";
import { probeSpecs } from "../kit/probes";
import { podTemplate } from "./pod-template";
import { maxSurge, rolloutTimes, type RolloutTimes } from "./rollout";
import { defaultScaling, scalingBounds, type Scaling, type ScalingBounds } from "./scaling";
import type { DeploymentWorkload, Port, Ports } from "./workload-args";

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
      container: {
        ports: Object.entries(args.ports).map(([name, port]) => ({
          name,
          containerPort: portNumber(port),
          protocol: "TCP",
        })),
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
  const ports = servicePorts(args.ports);
  if (ports.length === 0) {
    return undefined;
  }
  return {
    type: "ClusterIP",
    selector: selectorLabels(args.service),
    ports: ports.map(([name, port]) => ({
      name,
      port: portNumber(port),
      targetPort: name,
      protocol: "TCP",
    })),
  };
}

/** The names of the ports that a workload's Service has. */
export function servicePortNames(ports: Ports): readonly string[] {
  return servicePorts(ports).map(([name]) => name);
}

function servicePorts(ports: Ports): readonly [name: string, port: Port][] {
  return Object.entries(ports).filter(
    ([, port]) => typeof port === "number" || (port.service ?? true),
  );
}

/** The numbers of ports, by name. */
export function portNumbers(ports: Ports): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, portNumber(port)]));
}

function portNumber(port: Port): number {
  return typeof port === "number" ? port : port.number;
}
