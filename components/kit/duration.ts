const seconds = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/**
 * A span of time with its unit: `"30s"`, `"10m"`, `"12h"`, `"7d"`.
 * @form a whole number and its unit, such as "30s", "10m", "12h" or "7d"
 */
export type Duration = `${number}${keyof typeof seconds}`;

const pattern = /^([0-9]+)([smhd])$/;

/** Says whether a text is a duration of one whole number and one unit. */
export function isDuration(text: string): text is Duration {
  return pattern.test(text);
}

/**
 * Gives a duration in whole seconds.
 * @throws when the text is not a duration; the message names it and shows the form.
 */
export function toSeconds(duration: Duration): number {
  const match = pattern.exec(duration);
  if (match === null) {
    throw new Error(`"${duration}" is not a duration; write it like "30s", "10m", "12h" or "7d".`);
  }
  return Number(match[1]) * seconds[match[2] as keyof typeof seconds];
}
