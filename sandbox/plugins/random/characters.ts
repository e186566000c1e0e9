import { randomInt } from "node:crypto";

/** Which characters a random text is made of. */
export interface CharacterRules {
  /** How many characters. */
  readonly length: number;

  /** Whether lower-case letters may occur. */
  readonly lower: boolean;

  /** Whether upper-case letters may occur. */
  readonly upper: boolean;

  /** Whether digits may occur. */
  readonly numeric: boolean;

  /** Whether special characters may occur. */
  readonly special: boolean;

  /** At least so many lower-case letters. */
  readonly minLower: number;

  /** At least so many upper-case letters. */
  readonly minUpper: number;

  /** At least so many digits. */
  readonly minNumeric: number;

  /** At least so many special characters. */
  readonly minSpecial: number;

  /** The special characters to choose from; empty means the usual ones. */
  readonly overrideSpecial: string;
}

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS = "0123456789";
/** The default of hashicorp/terraform-provider-random, on which the official plugin is built. */
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

/** Returns what is wrong with the rules, one sentence each. */
export function ruleProblems(
  rules: CharacterRules,
): readonly { property: string; reason: string }[] {
  const least = rules.minLower + rules.minUpper + rules.minNumeric + rules.minSpecial;
  const problems = [];
  if (!Number.isInteger(rules.length) || rules.length < 1) {
    problems.push({
      property: "length",
      reason: `length is ${rules.length}; it may be a whole number of at least 1.`,
    });
  } else if (rules.length < least) {
    problems.push({
      property: "length",
      reason:
        `length is ${rules.length}, but minLower, minUpper, minNumeric and minSpecial ask for ` +
        `${least} characters together. Raise length to at least ${least}.`,
    });
  }
  if (!rules.lower && !rules.upper && !rules.numeric && !rules.special) {
    problems.push({
      property: "lower",
      reason: "lower, upper, numeric and special are all false. Set at least one of them to true.",
    });
  }
  return problems;
}

/** Draws a text that follows the rules from the system's random source. */
export function randomText(rules: CharacterRules): string {
  const special = rules.overrideSpecial === "" ? SPECIAL : rules.overrideSpecial;
  const pool =
    (rules.lower ? LOWER : "") +
    (rules.upper ? UPPER : "") +
    (rules.numeric ? DIGITS : "") +
    (rules.special ? special : "");
  const demanded = [
    ...draw(LOWER, rules.minLower),
    ...draw(UPPER, rules.minUpper),
    ...draw(DIGITS, rules.minNumeric),
    ...draw(special, rules.minSpecial),
  ];
  return shuffle([...demanded, ...draw(pool, rules.length - demanded.length)]).join("");
}

function draw(pool: string, count: number): readonly string[] {
  return Array.from({ length: count }, () => pool.charAt(randomInt(pool.length)));
}

function shuffle(characters: readonly string[]): readonly string[] {
  const shuffled = [...characters];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [shuffled[last], shuffled[other]] = [shuffled[other] ?? "", shuffled[last] ?? ""];
  }
  return shuffled;
}
