import type * as kubernetes from "@pulumi/kubernetes";
import { toSeconds, type Duration } from "../../kit/duration";
import type { Problem } from "../../kit/problem";
import { isQuantity, type Quantity } from "../../kit/quantity";

type MetricSpec = kubernetes.types.input.autoscaling.v2.MetricSpec;
type ScalingRules = kubernetes.types.input.autoscaling.v2.HPAScalingRules;

/** A metric of another object of the namespace, such as the requests of an Ingress. */
export interface ObjectMetric {
  /** The object. */
  readonly of: {
    /** Its API version. */
    readonly apiVersion: string;
    /** Its kind. */
    readonly kind: string;
    /** Its name. */
    readonly name: string;
  };
  /** The value to aim at, shared among the pods. */
  readonly average: Quantity;
}

/** A metric of something outside the cluster, such as the length of a queue. */
export interface ExternalMetric {
  /**
   * The labels that select it.
   * @default - the metric's name is enough
   */
  readonly labels?: Readonly<Record<string, string>>;
  /** The value to aim at, shared among the pods. */
  readonly average: Quantity;
}

/** How fast the number of pods changes in one direction; the rule that allows more counts. */
export interface ScalingPace {
  /**
   * For how long all wishes have to agree; the mildest counts.
   * @default - "0s" up, "5m" down
   */
  readonly stabilization?: Duration;
  /**
   * By how many percent in each period.
   * @default - 100 up, 10 down
   */
  readonly percent?: number;
  /**
   * By how many pods in each period.
   * @default - 4 up; down only the percentage counts
   */
  readonly pods?: number;
  /**
   * The period; at most 30 minutes.
   * @default - "15s" up, "60s" down
   */
  readonly period?: Duration;
}

/** A HorizontalPodAutoscaler; the metric that asks for the most pods counts. */
export interface HpaScaling {
  /** The fewest pods. */
  readonly min: number;
  /** The most pods; above `min`. */
  readonly max: number;
  /**
   * The use of CPU to aim at, in percent of the request.
   * @default 70 - unless another metric is given
   */
  readonly cpu?: number;
  /**
   * The use of memory to aim at, in percent of the request.
   * @default - memory is not looked at
   */
  readonly memory?: number;
  /**
   * Values to aim at in each pod, by the name of the metric; an adapter has to serve them.
   * @default - none
   */
  readonly pods?: Readonly<Record<string, Quantity>>;
  /**
   * Metrics of other objects, by their names; an adapter has to serve them.
   * @default - none
   */
  readonly objects?: Readonly<Record<string, ObjectMetric>>;
  /**
   * Metrics of what is outside the cluster, by their names; an adapter has to serve them.
   * @default - none
   */
  readonly external?: Readonly<Record<string, ExternalMetric>>;
  /**
   * How fast it grows.
   * @default - doubles, or four pods more, each 15 seconds
   */
  readonly scaleUp?: ScalingPace;
  /**
   * How fast it shrinks.
   * @default - by a tenth each minute, after five minutes of less load
   */
  readonly scaleDown?: ScalingPace;
}

/** What an autoscaler scales. */
export interface ScaleTarget {
  /** The kind of the object. */
  readonly kind: "Deployment" | "StatefulSet";
  /** Its name. */
  readonly name: string;
}

/** In percent: leaves the others room until a new pod is ready. */
const defaultCpu = 70;

/**
 * The spec of the autoscaler of a workload.
 *
 * It grows fast and shrinks slowly when nothing else is said, because being short of pods costs more
 * than having one too many.
 * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#configurable-scaling-behavior
 */
export function autoscalerSpec(
  target: ScaleTarget,
  scaling: HpaScaling,
): kubernetes.types.input.autoscaling.v2.HorizontalPodAutoscalerSpec {
  return {
    scaleTargetRef: { apiVersion: "apps/v1", ...target },
    minReplicas: scaling.min,
    maxReplicas: scaling.max,
    metrics: metrics(scaling),
    behavior: scalingBehavior(scaling),
  };
}

/** How fast an autoscaler grows and shrinks, with what is usual where nothing is said. */
export function scalingBehavior({
  scaleUp,
  scaleDown,
}: Pick<
  HpaScaling,
  "scaleUp" | "scaleDown"
>): kubernetes.types.input.autoscaling.v2.HorizontalPodAutoscalerBehavior {
  return {
    scaleUp: rules(scaleUp, { stabilization: "0s", percent: 100, pods: 4, period: "15s" }),
    scaleDown: rules(scaleDown, { stabilization: "5m", percent: 10, period: "60s" }),
  };
}

/** The APIs that an autoscaler asks, by what it calls them: `Resource` is CPU and memory, `Pods` the pods' own. */
export function metricTypes(scaling: HpaScaling): ReadonlySet<string> {
  return new Set(metrics(scaling).map(({ type }) => String(type)));
}

function metrics(scaling: HpaScaling): MetricSpec[] {
  const { memory, pods = {}, objects = {}, external = {} } = scaling;
  const others = [
    ...(memory === undefined ? [] : [utilization("memory", memory)]),
    ...Object.entries(pods).map(([name, average]) => ({
      type: "Pods",
      pods: { metric: { name }, target: averageOf(average) },
    })),
    ...Object.entries(objects).map(([name, { of, average }]) => ({
      type: "Object",
      object: { metric: { name }, describedObject: { ...of }, target: averageOf(average) },
    })),
    ...Object.entries(external).map(([name, { labels, average }]) => ({
      type: "External",
      external: {
        metric: {
          name,
          ...(labels === undefined ? {} : { selector: { matchLabels: { ...labels } } }),
        },
        target: averageOf(average),
      },
    })),
  ];
  const cpu = scaling.cpu ?? (others.length === 0 ? defaultCpu : undefined);
  return [...(cpu === undefined ? [] : [utilization("cpu", cpu)]), ...others];
}

function utilization(name: "cpu" | "memory", percent: number): MetricSpec {
  return {
    type: "Resource",
    resource: { name, target: { type: "Utilization", averageUtilization: percent } },
  };
}

function averageOf(average: Quantity): kubernetes.types.input.autoscaling.v2.MetricTarget {
  return { type: "AverageValue", averageValue: average };
}

function rules(
  said: ScalingPace = {},
  usual: ScalingPace & Required<Pick<ScalingPace, "stabilization" | "period">>,
): ScalingRules {
  // Who says one measure of the pace means that one alone.
  const own = said.percent !== undefined || said.pods !== undefined;
  const { percent, pods } = own ? said : usual;
  const periodSeconds = toSeconds(said.period ?? usual.period);
  return {
    stabilizationWindowSeconds: toSeconds(said.stabilization ?? usual.stabilization),
    selectPolicy: "Max",
    policies: [
      ...(percent === undefined ? [] : [{ type: "Percent", value: percent, periodSeconds }]),
      ...(pods === undefined ? [] : [{ type: "Pods", value: pods, periodSeconds }]),
    ],
  };
}

/** The API server refuses longer ones. */
const longestPeriodSeconds = 1800;
const longestStabilizationSeconds = 3600;

/** What is wrong with an autoscaler. */
export function autoscalerProblems(scaling: HpaScaling): readonly Problem[] {
  const { min, max, cpu, memory, pods = {}, objects = {}, external = {} } = scaling;
  const averages = [
    ...Object.entries(pods).map(([name, average]) => [`pods.${name}`, average] as const),
    ...Object.entries(objects).map(
      ([name, metric]) => [`objects.${name}`, metric.average] as const,
    ),
    ...Object.entries(external).map(
      ([name, metric]) => [`external.${name}`, metric.average] as const,
    ),
  ];
  return [
    ...podsProblem("min", min),
    ...boundsProblems(min, max),
    ...percentProblem("cpu", cpu),
    ...percentProblem("memory", memory),
    ...averages.flatMap(([field, average]) => averageProblem(field, average)),
    ...paceProblems("scaleUp", scaling.scaleUp),
    ...paceProblems("scaleDown", scaling.scaleDown),
  ];
}

/** What is wrong with a number of pods. */
export function podsProblem(field: string, pods: number, fewest = 1): readonly Problem[] {
  return Number.isInteger(pods) && pods >= fewest
    ? []
    : [
        {
          field,
          message: `got ${String(pods)}; it has to be a whole number of pods, at least ${String(fewest)}.`,
        },
      ];
}

/** What is wrong with the most pods beside the fewest. */
export function boundsProblems(min: number, max: number): readonly Problem[] {
  return Number.isInteger(max) && max > min
    ? []
    : [
        {
          field: "max",
          message: `got ${String(max)}; it has to be a whole number above min (${String(min)}). For a constant number use "fixed".`,
        },
      ];
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

function averageProblem(field: string, average: Quantity): readonly Problem[] {
  return isQuantity(average)
    ? []
    : [{ field, message: `got "${average}"; it has to be a quantity such as "1000" or "500m".` }];
}

/** What is wrong with how fast the number of pods changes. */
export function paceProblems(field: string, pace: ScalingPace = {}): readonly Problem[] {
  const { period = "60s", stabilization = "0s" } = pace;
  const steps = (["percent", "pods"] as const).flatMap((step) => {
    const value = pace[step];
    return value === undefined || (Number.isInteger(value) && value >= 1)
      ? []
      : [
          {
            field: `${field}.${step}`,
            message: `got ${String(value)}; it has to be a whole number, at least 1.`,
          },
        ];
  });
  return [
    ...steps,
    ...spanProblem(`${field}.period`, period, 1, longestPeriodSeconds),
    ...spanProblem(`${field}.stabilization`, stabilization, 0, longestStabilizationSeconds),
  ];
}

function spanProblem(
  field: string,
  span: Duration,
  shortest: number,
  longest: number,
): readonly Problem[] {
  const seconds = toSeconds(span);
  return seconds >= shortest && seconds <= longest
    ? []
    : [
        {
          field,
          message: `got "${span}"; it has to be from ${String(shortest)}s to ${String(longest)}s.`,
        },
      ];
}
