import type { Finding } from "../finding";
import type { Context, Seen, Source } from "../seen";

/** A finding, before its check's name is put to it. */
export type Found = Omit<Finding, "check">;

/** Looks for one kind of fault. */
export interface Check {
  /** Its name. */
  readonly name: string;
  /** What it looks at. */
  readonly reads: readonly Source[];
  /** Whether it needs pods that run, which simulated nodes do not have. @default false */
  readonly needsPods?: boolean;
  /** Finds the faults. */
  find(seen: Seen, context: Context): readonly Found[];
}

/** The state of a condition of an object. */
export interface ConditionLike {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** A condition by its type. */
export function condition<T extends ConditionLike>(
  conditions: readonly T[] | undefined,
  type: string,
): T | undefined {
  return conditions?.find((each) => each.type === type);
}

/** Why a condition is not met, in its own words. */
export function because({ reason, message }: Pick<ConditionLike, "reason" | "message">): string {
  return [reason, message].filter((part) => part !== undefined && part !== "").join(": ");
}
