import type { ConsumerDemand } from "../../data";
import type { OneOf } from "../../kit/one-of";
import { within, type Problem } from "../../kit/problem";
import { autoscalerProblems, podsProblem, type HpaScaling } from "./autoscaler";
import {
  kedaProblems,
  natsLagProblems,
  type EventScaling,
  type KedaScaling,
  type NatsLagScaling,
} from "./event-scaling";
import type { WorkloadShape } from "./workload-shape";

/**
 * How many pods there are. One way only, so that a replica count never stands beside an autoscaler
 * and pulls the other way. `Consumer` is what it may follow: the consumers in `uses`.
 */
export type Scaling<Consumer extends ConsumerDemand = ConsumerDemand> = OneOf<{
  /** Always this many pods. */
  readonly fixed: number;
  /** As many as their load asks for. */
  readonly hpa: HpaScaling;
  /** As many as the messages that wait for its consumer ask for. */
  readonly natsLag: NatsLagScaling<Consumer>;
  /** As many as KEDA's triggers ask for. */
  readonly keda: KedaScaling;
  /**
   * Exactly one, for what two pods at once would break; the text says what. It stops with its node, and
   * at each new version: the old pod ends before the new one starts.
   */
  readonly singleton: string;
}>;

/** What a workload scales like when nobody says otherwise: the fewest pods that survive losing one. */
const defaultScaling: Scaling = { fixed: 2 };

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

/** The queue that a workload scales on; undefined when it scales on none. */
export function queueOf(shape: WorkloadShape<unknown>): ConsumerDemand | undefined {
  return "scaling" in shape ? shape.scaling?.natsLag?.stream : undefined;
}

/** How many pods there always are; undefined where an autoscaler says it. */
export function replicasOf(scaling: Scaling): number | undefined {
  return scaling.singleton === undefined ? scaling.fixed : 1;
}

/** Says whether a second pod beside the only one would break something. */
export function isSingleton(args: { readonly scaling?: Scaling }): boolean {
  return scalingOf(args).singleton !== undefined;
}

/** The fewest and the most pods of a workload, its default filled in. */
export function boundsOf(args: { readonly scaling?: Scaling }): ScalingBounds {
  return scalingBounds(scalingOf(args));
}

export function scalingBounds(scaling: Scaling): ScalingBounds {
  if (scaling.fixed !== undefined) {
    return { floor: scaling.fixed, ceiling: scaling.fixed };
  }
  if (scaling.singleton !== undefined) {
    return { floor: 1, ceiling: 1 };
  }
  const { min, max } = scaling.hpa ?? scaling.natsLag ?? scaling.keda;
  return { floor: min, ceiling: max };
}

/** Scaling that KEDA does; undefined for what needs no KEDA. */
export function eventScalingOf(scaling: Scaling): EventScaling | undefined {
  return scaling.natsLag ?? scaling.keda;
}

/** What is wrong with a workload's scaling. */
export function scalingProblems(scaling: Scaling): readonly Problem[] {
  if (scaling.fixed !== undefined) {
    return podsProblem("fixed", scaling.fixed);
  }
  if (scaling.singleton !== undefined) {
    return scaling.singleton.trim() === ""
      ? [{ field: "singleton", message: "got no reason; say what two pods at once would break." }]
      : [];
  }
  if (scaling.hpa !== undefined) {
    return within("hpa", autoscalerProblems(scaling.hpa));
  }
  return scaling.natsLag === undefined
    ? within("keda", kedaProblems(scaling.keda))
    : within("natsLag", natsLagProblems(scaling.natsLag));
}
