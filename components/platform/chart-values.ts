import type { DisruptionBudget } from "../kit/disruption";

/**
 * A PodDisruptionBudget as charts take it: switched off where there is one pod, because it could only
 * block every drain of the node.
 */
export type ChartDisruptionBudget =
  { readonly enabled: false } | ({ readonly enabled: true } & DisruptionBudget);

/** The values that give the disruption budget of a chart's workload. */
export function chartDisruptionBudget(budget: DisruptionBudget | undefined): ChartDisruptionBudget {
  return budget === undefined ? { enabled: false } : { enabled: true, ...budget };
}
