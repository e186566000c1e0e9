/** A figure beside the most it may be. */
export interface Budgeted {
  /** What was measured. */
  readonly what: string;
  /** The figure. */
  readonly value: number;
  /** The most it may be. */
  readonly budget: number;
  /** The unit of both, such as `s` or `MB`. */
  readonly unit: string;
}

/** Rows of a Markdown table, with whether each figure is within its budget. */
export function budgetTable(figures: readonly Budgeted[]): string {
  const rows = figures.map(({ what, value, budget, unit }) => {
    const verdict = value <= budget ? "within" : "OVER";
    return `| ${what} | ${number(value)} ${unit} | ${number(budget)} ${unit} | ${verdict} |`;
  });
  return ["| what | figure | budget | |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

/** The middle of some figures. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function number(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}
