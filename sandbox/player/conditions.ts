import type { Condition } from "./objects";

/**
 * Conditions with their time of change: the old time stays while the status stays.
 * @param now RFC 3339
 */
export function withTransitionTimes(
  next: readonly Omit<Condition, "lastTransitionTime">[],
  present: readonly Condition[] | undefined,
  now: string,
): readonly Condition[] {
  return next.map((condition) => {
    const before = present?.find(({ type }) => type === condition.type);
    const lastTransitionTime =
      before?.status === condition.status ? (before.lastTransitionTime ?? now) : now;
    return { ...condition, lastTransitionTime };
  });
}

/** Whether conditions say the same, their times aside. */
export function sameConditions(
  one: readonly Omit<Condition, "lastTransitionTime">[],
  other: readonly Condition[] | undefined,
): boolean {
  return (
    one.length === (other?.length ?? 0) &&
    one.every((condition) => {
      const match = other?.find(({ type }) => type === condition.type);
      return (
        match?.status === condition.status &&
        match.reason === condition.reason &&
        match.message === condition.message &&
        match.observedGeneration === condition.observedGeneration
      );
    })
  );
}

/** Whether an object's `Ready` condition is true. */
export function isReady(
  status: { readonly conditions?: readonly Condition[] } | undefined,
): boolean {
  return (
    status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false
  );
}
