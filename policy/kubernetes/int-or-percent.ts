/** A value that Kubernetes accepts as a count or as a share of the replicas. */
export interface IntOrPercent {
  /** The count, or the percentage. */
  readonly value: number;
  readonly percent: boolean;
}

/** Reads `1`, `"1"` or `"25%"`; undefined for anything else. */
export function parseIntOrPercent(value: unknown): IntOrPercent | undefined {
  if (typeof value === "number") {
    return Number.isFinite(value) ? { value, percent: false } : undefined;
  }
  const match = typeof value === "string" ? /^(-?\d+)(%?)$/.exec(value.trim()) : null;
  return match === null ? undefined : { value: Number(match[1]), percent: match[2] === "%" };
}

/** The count a share of the replicas stands for, rounded as the field in question is. */
export function resolveCount(
  { value, percent }: IntOrPercent,
  replicas: number,
  round: "up" | "down",
): number {
  if (!percent) {
    return value;
  }
  const share = (value * replicas) / 100;
  return round === "up" ? Math.ceil(share) : Math.floor(share);
}
