import type { OneOf } from "../kit/one-of";
import { within, type Problem } from "../kit/problem";
import { autoscalerProblems, podsProblem, type HpaScaling } from "./autoscaler";

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

/** What is wrong with a workload's scaling. */
export function scalingProblems(scaling: Scaling): readonly Problem[] {
  return scaling.hpa === undefined
    ? podsProblem("fixed", scaling.fixed)
    : within("hpa", autoscalerProblems(scaling.hpa));
}
