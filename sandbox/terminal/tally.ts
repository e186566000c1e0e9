/** How many there are of each kind, in the order of the kinds; those of which there are none are left out. */
export function tally<Kind extends string>(
  found: readonly Kind[],
  kinds: readonly Kind[],
): readonly (readonly [kind: Kind, count: number])[] {
  return kinds
    .map((kind) => [kind, found.filter((each) => each === kind).length] as const)
    .filter(([, count]) => count > 0);
}

/** Counts as a person reads them: `2 critical, 1 low`. */
export function tallyText(counts: readonly (readonly [kind: string, count: number])[]): string {
  return counts.map(([kind, count]) => `${String(count)} ${kind}`).join(", ");
}
