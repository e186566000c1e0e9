import type * as kubernetes from "@pulumi/kubernetes";
import { probeSpecs } from "../../kit/probes";
import { objectName, podSelector } from "./existing";
import type { KindOfPod } from "./pod-template";
import { containerPorts, portNumbers, servicePortSpecs } from "./ports";
import type { RolloutTimes } from "./rollout";
import type { ServingShape, ServingWorkload } from "./workload-args";

/** What pods that serve until they are stopped have: ports, probes, and time to end in. */
export function servingPods(
  args: ServingShape,
  times: RolloutTimes,
  placement: Partial<KindOfPod["pod"]> = {},
): Pick<KindOfPod, "container" | "pod"> {
  return {
    container: {
      ports: containerPorts(args.ports),
      ...probeSpecs(args.probes, portNumbers(args.ports)),
      ...preStop(times.preStopSeconds),
    },
    pod: {
      restartPolicy: "Always",
      terminationGracePeriodSeconds: times.terminationGracePeriodSeconds,
      ...placement,
    },
  };
}

/** The kubelet waits itself: an image without a shell has no command that could. */
function preStop(seconds: number): Pick<kubernetes.types.input.core.v1.Container, "lifecycle"> {
  return seconds === 0 ? {} : { lifecycle: { preStop: { sleep: { seconds } } } };
}

/** One Service of a workload. */
export interface ServiceObject {
  /** The object's name. */
  readonly name: string;
  /** What its logical name has beyond its workload's. */
  readonly suffix: string;
  /** Its selector and ports. */
  readonly spec: kubernetes.types.input.core.v1.ServiceSpec;
}

/**
 * The Services of a workload: one with every port that others may call, inside the cluster; for a
 * StatefulSet one more that gives each pod a name, before it is ready too.
 */
export function serviceObjects(args: ServingWorkload): readonly ServiceObject[] {
  const selector = podSelector(args);
  const ports = servicePortSpecs(args.ports);
  return [
    ...(ports.length === 0
      ? []
      : [
          {
            name: objectName(args, "service"),
            suffix: "",
            spec: { type: "ClusterIP", selector, ports },
          },
        ]),
    ...(args.kind === "StatefulSet"
      ? [
          {
            name: headlessName(args.service),
            suffix: "-headless",
            spec: {
              type: "ClusterIP",
              clusterIP: "None",
              publishNotReadyAddresses: true,
              selector,
              ports: ports.length === 0 ? undefined : ports,
            },
          },
        ]
      : []),
  ];
}

/** The name of the Service that gives each pod of a StatefulSet a name of its own. */
export function headlessName(service: string): string {
  return `${service}-headless`;
}
