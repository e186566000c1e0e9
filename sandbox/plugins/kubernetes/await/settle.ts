/** How long after a change of the endpoints the official provider looks at them again, in milliseconds. */
const GRACE = 10_000;

/**
 * Tells when endpoints count as settled, as the official provider does: each change unsettles them, and
 * starts a timer that settles them, whatever has changed in between. So the first change decides, unless
 * another one comes after its timer.
 *
 * @param ages how long ago each change was, in milliseconds, in any order
 * @returns the milliseconds until then; 0 when they are settled, undefined when nothing has changed yet
 * @see https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/await/service.go
 */
export function untilSettled(ages: readonly number[]): number | undefined {
  if (ages.length === 0) {
    return undefined;
  }
  const latest = Math.min(...ages);
  if (ages.some((age) => age >= GRACE && age - GRACE <= latest)) {
    return 0;
  }
  return Math.min(...ages.filter((age) => age < GRACE).map((age) => GRACE - age));
}
