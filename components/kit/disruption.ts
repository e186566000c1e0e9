/** How many pods may be missing at once, in the words of a PodDisruptionBudget. */
export type DisruptionBudget = { readonly minAvailable: 1 } | { readonly maxUnavailable: 1 };

/**
 * The disruption budget of a workload with at least `floor` pods: one pod may go at a time, and one
 * always stays.
 *
 * At a floor of one there is none, because a budget could only block every drain of the node. At two
 * the budget names the pod that stays, so that a drain does not take the last healthy one.
 * @see https://kubernetes.io/docs/tasks/run-application/configure-pdb/
 */
export function disruptionBudget(floor: number): DisruptionBudget | undefined {
  if (floor < 2) {
    return undefined;
  }
  return floor === 2 ? { minAvailable: 1 } : { maxUnavailable: 1 };
}

/**
 * What the engine has to know of every budget: one that changes its form is made anew. The API server refuses
 * both fields at once, and until an update is done the provider still counts the one that goes as somebody
 * else's, so the preview of an update in place fails.
 */
export const disruptionBudgetOptions = {
  replaceOnChanges: ["spec.minAvailable", "spec.maxUnavailable"],
  deleteBeforeReplace: true,
};

/**
 * The annotations of every budget. Where a creation may update what is there, as in the sandbox, the preview of
 * the new one still meets the old one: under one field manager it takes the place of what the old one said.
 */
export const disruptionBudgetAnnotations = { "pulumi.com/patchFieldManager": "slipway" } as const;
