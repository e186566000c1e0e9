import type { ConsumerDemand } from "../../data";
import type { QueueSource } from "../../kit/connection";
import { toSeconds, type Duration } from "../../kit/duration";
import type { Problem } from "../../kit/problem";
import {
  boundsProblems,
  paceProblems,
  podsProblem,
  scalingBehavior,
  type ScalingPace,
  type ScaleTarget,
} from "./autoscaler";

/** What every way to scale by KEDA says. */
export interface EventScaling {
  /** The fewest pods; 0 lets the last one go while there is nothing to do, where the stack allows it. */
  readonly min: number;
  /** The most pods; above `min`. */
  readonly max: number;
  /**
   * How many pods there are at least while KEDA gets no answer, from 1 to `max`; none that run already
   * are taken away then.
   */
  readonly fallback: number;
  /**
   * How long nothing has come before the last pod goes; only with a `min` of 0.
   * @default "5m"
   */
  readonly cooldown?: Duration;
  /**
   * How often KEDA looks for something to do while there is no pod; only with a `min` of 0.
   * @default "15s"
   */
  readonly polling?: Duration;
  /**
   * How fast it grows.
   * @default - doubles, or four pods more, each 15 seconds
   */
  readonly scaleUp?: ScalingPace;
  /**
   * How fast it shrinks.
   * @default - by a tenth each minute, after five minutes of less to do
   */
  readonly scaleDown?: ScalingPace;
}

/** Scaling on what waits in a stream, never on CPU: a consumer that waits for a slow answer uses none. */
export interface NatsLagScaling<
  Consumer extends ConsumerDemand = ConsumerDemand,
> extends EventScaling {
  /** The stream and its durable consumer: one of those in `uses`. */
  readonly stream: Consumer;
  /** How many messages, pending or unacknowledged, there may be for each pod. */
  readonly lag: number;
}

/**
 * One thing that KEDA looks at.
 * @see https://keda.sh/docs/latest/scalers/
 */
export interface KedaTrigger {
  /** KEDA's name of the scaler, such as `"prometheus"` or `"aws-sqs-queue"`. */
  readonly type: string;
  /** What the scaler is told; never a credential. */
  readonly metadata: Readonly<Record<string, string>>;
  /**
   * The TriggerAuthentication of the namespace that holds its credentials.
   * @default - it needs none
   */
  readonly authentication?: string;
}

/** Scaling on anything that KEDA can ask; the trigger that asks for the most pods counts. */
export interface KedaScaling extends EventScaling {
  /** What it looks at; at least one that is neither CPU nor memory. */
  readonly triggers: readonly KedaTrigger[];
}

/** What a stack may change of scaling by KEDA. */
export type EventScalingBounds = Pick<EventScaling, "min" | "max"> &
  Partial<Pick<EventScaling, "fallback">>;

/** The trigger that asks for the length of a queue. */
export function lagTrigger({ type, metadata }: QueueSource, { lag }: NatsLagScaling): KedaTrigger {
  return { type, metadata: { ...metadata, lagThreshold: String(lag) } };
}

/** How many questions in a row have to stay without an answer before the fallback counts. */
const failureThreshold = 3;

/**
 * The spec of a ScaledObject. The autoscaler that KEDA makes of it has the name of the workload's own, so
 * that it takes the place of one that was there before.
 * @see https://keda.sh/docs/latest/reference/scaledobject-spec/
 */
export function scaledObjectSpec(
  target: ScaleTarget,
  scaling: EventScaling,
  triggers: readonly KedaTrigger[],
  autoscaler = target.name,
): Readonly<Record<string, unknown>> {
  return {
    scaleTargetRef: { apiVersion: "apps/v1", ...target },
    minReplicaCount: scaling.min,
    maxReplicaCount: scaling.max,
    // With a pod left, the autoscaler asks at its own pace, and KEDA warns of times that say nothing.
    ...(scaling.min > 0
      ? {}
      : {
          pollingInterval: toSeconds(scaling.polling ?? "15s"),
          cooldownPeriod: toSeconds(scaling.cooldown ?? "5m"),
        }),
    fallback: { failureThreshold, replicas: scaling.fallback, behavior: "currentReplicasIfHigher" },
    advanced: {
      horizontalPodAutoscalerConfig: { name: autoscaler, behavior: scalingBehavior(scaling) },
    },
    triggers: triggers.map(({ type, metadata, authentication }) => ({
      type,
      metadata: { ...metadata },
      ...(authentication === undefined ? {} : { authenticationRef: { name: authentication } }),
    })),
  };
}

/**
 * Lets KEDA take over an autoscaler of the name that its own will have: the new object is made before
 * the old one goes.
 */
export const takesOverAutoscaler = { "scaledobject.keda.sh/transfer-hpa-ownership": "true" };

/** What is wrong with scaling on a stream. */
export function natsLagProblems(scaling: NatsLagScaling): readonly Problem[] {
  const { lag } = scaling;
  return [
    ...eventScalingProblems(scaling),
    ...(Number.isInteger(lag) && lag >= 1
      ? []
      : [
          {
            field: "lag",
            message: `got ${String(lag)}; it has to be a whole number of messages for each pod, at least 1.`,
          },
        ]),
  ];
}

/** What is wrong with scaling by KEDA. */
export function kedaProblems(scaling: KedaScaling): readonly Problem[] {
  return [
    ...eventScalingProblems(scaling),
    ...(scaling.triggers.some(({ type }) => type !== "cpu" && type !== "memory")
      ? []
      : [
          {
            field: "triggers",
            message:
              "names none but CPU and memory, which have no fallback. Name what KEDA is to ask, or use hpa.",
          },
        ]),
  ];
}

function eventScalingProblems(scaling: EventScaling): readonly Problem[] {
  const { min, max, fallback } = scaling;
  return [
    ...podsProblem("min", min, 0),
    ...boundsProblems(min, max),
    ...(Number.isInteger(fallback) && fallback >= Math.max(1, min) && fallback <= max
      ? []
      : [
          {
            field: "fallback",
            message:
              `got ${String(fallback)}; it is how many pods there are while nobody knows how many are needed, ` +
              `from ${String(Math.max(1, min))} to ${String(max)}.`,
          },
        ]),
    ...(["cooldown", "polling"] as const)
      .filter((field) => min > 0 && scaling[field] !== undefined)
      .map((field) => ({
        field,
        message: `says nothing with a min of ${String(min)}: the last pod never goes. Leave it out, or lower min to 0.`,
      })),
    ...paceProblems("scaleUp", scaling.scaleUp),
    ...paceProblems("scaleDown", scaling.scaleDown),
  ];
}
