import type * as kubernetes from "@pulumi/kubernetes";
import type { OneOf } from "../kit/one-of";
import type { Problem } from "../kit/problem";

/** A HorizontalPodAutoscaler on the use of CPU and memory. */
export interface HpaScaling {
  /** The fewest pods. */
  readonly min: number;
  /** The most pods; above `min`. */
  readonly max: number;
  /**
   * The use of CPU to aim at, in percent of the request.
   * @default 70 - unless `memory` is given
   */
  readonly cpu?: number;
  /**
   * The use of memory to aim at, in percent of the request.
   * @default - memory is not looked at
   */
  readonly memory?: number;
}

/**
 * How many pods there are. One way only, so that a replica count never stands beside an autoscaler
 * and pulls the other way.
 */
export type Scaling = OneOf<{
  /** Always this many pods. */
  readonly fixed: number;
  /** As many as their load asks for. */
  readonly hpa: HpaScaling;
}>;

/** What a workload scales like when nobody says otherwise: the fewest pods that survive losing one. */
export const defaultScaling: Scaling = { fixed: 2 };

/** The fewest and the most pods a workload may have. */
export interface ScalingBounds {
  /** The fewest pods. */
  readonly floor: number;
  /** The most pods. */
  readonly ceiling: number;
}

/** The scaling of a workload, its default filled in. */
export function scalingOf({ scaling }: { readonly scaling?: Scaling }): Scaling {
  return scaling ?? defaultScaling;
}

/** The fewest and the most pods of a workload, its default filled in. */
export function boundsOf(args: { readonly scaling?: Scaling }): ScalingBounds {
  return scalingBounds(scalingOf(args));
}

export function scalingBounds(scaling: Scaling): ScalingBounds {
  return scaling.hpa === undefined
    ? { floor: scaling.fixed, ceiling: scaling.fixed }
    : { floor: scaling.hpa.min, ceiling: scaling.hpa.max };
}

/** In percent: leaves the others room until a new pod is ready. */
const defaultCpu = 70;

/** What an autoscaler scales. */
export interface ScaleTarget {
  /** The kind of the object. */
  readonly kind: "Deployment" | "StatefulSet";
  /** Its name. */
  readonly name: string;
}

/**
 * The spec of the autoscaler of a workload.
 *
 * It grows fast (double, or by four pods, each 15 s) and shrinks slowly (a tenth each minute, after
 * five minutes of less load), because being short of pods costs more than having one too many.
 * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#configurable-scaling-behavior
 */
export function autoscalerSpec(
  target: ScaleTarget,
  scaling: HpaScaling,
): kubernetes.types.input.autoscaling.v2.HorizontalPodAutoscalerSpec {
  const { cpu = scaling.memory === undefined ? defaultCpu : undefined, memory } = scaling;
  return {
    scaleTargetRef: { apiVersion: "apps/v1", ...target },
    minReplicas: scaling.min,
    maxReplicas: scaling.max,
    metrics: [
      ...(cpu === undefined ? [] : [utilization("cpu", cpu)]),
      ...(memory === undefined ? [] : [utilization("memory", memory)]),
    ],
    behavior: {
      scaleUp: {
        stabilizationWindowSeconds: 0,
        selectPolicy: "Max",
        policies: [
          { type: "Percent", value: 100, periodSeconds: 15 },
          { type: "Pods", value: 4, periodSeconds: 15 },
        ],
      },
      scaleDown: {
        stabilizationWindowSeconds: 300,
        policies: [{ type: "Percent", value: 10, periodSeconds: 60 }],
      },
    },
  };
}

function utilization(
  name: "cpu" | "memory",
  percent: number,
): kubernetes.types.input.autoscaling.v2.MetricSpec {
  return {
    type: "Resource",
    resource: { name, target: { type: "Utilization", averageUtilization: percent } },
  };
}

/** What is wrong with a workload's scaling. */
export function scalingProblems(scaling: Scaling): readonly Problem[] {
  if (scaling.hpa === undefined) {
    return podsProblem("fixed", scaling.fixed);
  }
  const { min, max, cpu, memory } = scaling.hpa;
  return [
    ...podsProblem("hpa.min", min),
    ...(max > min
      ? []
      : [
          {
            field: "hpa.max",
            message: `got ${String(max)}; it has to be above hpa.min (${String(min)}). For a constant number use "fixed".`,
          },
        ]),
    ...percentProblem("hpa.cpu", cpu),
    ...percentProblem("hpa.memory", memory),
  ];
}

function podsProblem(field: string, pods: number): readonly Problem[] {
  return Number.isInteger(pods) && pods >= 1
    ? []
    : [{ field, message: `got ${String(pods)}; it has to be a whole number of pods, at least 1.` }];
}

function percentProblem(field: string, percent: number | undefined): readonly Problem[] {
  return percent === undefined || (Number.isInteger(percent) && percent >= 1 && percent <= 100)
    ? []
    : [
        {
          field,
          message: `got ${String(percent)}; it has to be a whole percentage of the request, from 1 to 100.`,
        },
      ];
}
