import { setTimeout as sleep } from "node:timers/promises";

/** How long and how often a condition is looked at. */
export interface Patience {
  /** When to give up, in milliseconds. */
  readonly timeout: number;
  /** Time between two looks, in milliseconds. @default 100 */
  readonly every?: number;
}

/** Looks until the condition holds; false when the time is over first. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  { timeout, every = 100 }: Patience,
): Promise<boolean> {
  const end = Date.now() + timeout;
  for (;;) {
    if (await condition()) {
      return true;
    }
    if (Date.now() >= end) {
      return false;
    }
    await sleep(every);
  }
}
