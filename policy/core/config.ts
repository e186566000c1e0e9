import { readExemptions, type Exemption } from "./exemptions";
import { isMap, strings } from "./fields";
import { actionUnder, PROFILES, type Profile } from "./profile";
import { type Action, type Rule } from "./rule";
import { DEFAULT_SETTINGS, SETTINGS, type Settings } from "./settings";

/** How strictly which rules are applied, and to what not. */
export interface PolicyConfig {
  readonly profile: Profile;
  /** Levels of single rules, by rule id; they win over the profile. */
  readonly rules: Readonly<Record<string, Action>>;
  readonly settings: Settings;
  /** Namespaces whose objects are not judged. */
  readonly exemptNamespaces: readonly string[];
  readonly exemptions: readonly Exemption[];
}

export const DEFAULT_CONFIG: PolicyConfig = {
  profile: "production",
  rules: {},
  settings: DEFAULT_SETTINGS,
  exemptNamespaces: [],
  exemptions: [],
};

/** A configuration that cannot be used, with every problem found. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(
      `The policy configuration has ${problems.length} problem(s):\n${problems.map((line) => `  - ${line}`).join("\n")}`,
    );
    this.name = "ConfigError";
  }
}

/** The action of a rule: its own level, else the profile's. */
export function actionOf(rule: Rule, config: PolicyConfig): Action {
  return config.rules[rule.id] ?? actionUnder(config.profile, rule);
}

const ACTIONS: readonly string[] = ["mandatory", "advisory", "off"];
const KEYS = ["profile", "rules", "settings", "exemptNamespaces", "exemptions"];

/** Reads a configuration as a person writes it; throws `ConfigError` with all problems at once. */
export function readConfig(value: unknown, ruleIds: ReadonlySet<string>): PolicyConfig {
  const problems: string[] = [];
  const problem = (message: string): void => void problems.push(message);
  const given = value ?? {};
  if (!isMap(given)) {
    throw new ConfigError([`it must be a map of ${KEYS.join(", ")}`]);
  }
  for (const key of Object.keys(given)) {
    if (!KEYS.includes(key)) {
      problem(`"${key}" is not a key; the keys are ${KEYS.join(", ")}`);
    }
  }
  const exemptions = readExemptions(given["exemptions"], "exemptions", problem);
  for (const id of exemptions.flatMap(({ rules }) => rules)) {
    if (!ruleIds.has(id)) {
      problem(`exemptions: there is no rule "${id}"`);
    }
  }
  const profile = readProfile(given["profile"], problem);
  const config: PolicyConfig = {
    profile,
    rules: readLevels(given["rules"], ruleIds, problem),
    settings: readSettings(given["settings"], profile, problem),
    exemptNamespaces: readList(given["exemptNamespaces"], "exemptNamespaces", problem),
    exemptions,
  };
  if (problems.length > 0) {
    throw new ConfigError(problems);
  }
  return config;
}

type Problem = (message: string) => void;

/** Reads a profile's name, from the configuration or the command line. */
function readProfile(value: unknown, problem: Problem): Profile {
  const profile = PROFILES.find((name) => name === (value ?? DEFAULT_CONFIG.profile));
  if (profile === undefined) {
    problem(`profile is ${JSON.stringify(value)}; it must be one of ${PROFILES.join(", ")}`);
  }
  return profile ?? DEFAULT_CONFIG.profile;
}

/** The settings a profile starts from. */
export function settingsUnder(profile: Profile): {
  -readonly [Name in keyof Settings]: Settings[Name];
} {
  return {
    ...DEFAULT_SETTINGS,
    podSecurityLevel: profile === "baseline" ? "baseline" : DEFAULT_SETTINGS.podSecurityLevel,
  };
}

function readLevels(
  value: unknown,
  ruleIds: ReadonlySet<string>,
  problem: Problem,
): Record<string, Action> {
  const levels = Object.create(null) as Record<string, Action>;
  for (const [id, given] of entriesOf(value, "rules", problem)) {
    // YAML 1.1 readers turn a bare `off` into false.
    const level = given === false ? "off" : given;
    if (!ruleIds.has(id)) {
      problem(`rules: there is no rule "${id}"`);
    } else if (typeof level !== "string" || !ACTIONS.includes(level)) {
      problem(`rules.${id} is ${JSON.stringify(given)}; it must be one of ${ACTIONS.join(", ")}`);
    } else {
      levels[id] = level as Action;
    }
  }
  return levels;
}

function readSettings(value: unknown, profile: Profile, problem: Problem): Settings {
  const settings: Record<string, unknown> = settingsUnder(profile);
  const { numbers, texts, lists } = SETTINGS;
  for (const [name, given] of entriesOf(value, "settings", problem)) {
    const at = `settings.${name}`;
    if (Object.hasOwn(numbers, name)) {
      const minimum = (numbers as Record<string, { minimum?: number }>)[name]?.minimum ?? 0;
      if (typeof given !== "number" || given < minimum) {
        problem(`${at} is ${JSON.stringify(given)}; it must be a number of at least ${minimum}`);
      }
    } else if (Object.hasOwn(texts, name)) {
      if (typeof given !== "string") {
        problem(`${at} is ${JSON.stringify(given)}; it must be text`);
      }
    } else if (Object.hasOwn(lists, name)) {
      readList(given, at, problem);
    } else {
      problem(
        `${at} is not a setting; the settings are ${Object.keys(DEFAULT_SETTINGS).join(", ")}`,
      );
    }
    settings[name] = given;
  }
  return settings as unknown as Settings;
}

function entriesOf(value: unknown, at: string, problem: Problem): readonly [string, unknown][] {
  if (value !== undefined && value !== null && !isMap(value)) {
    problem(`${at} is ${JSON.stringify(value)}; it must be a map`);
  }
  return Object.entries(isMap(value) ? value : {});
}

function readList(value: unknown, at: string, problem: Problem): readonly string[] {
  const found = strings(value);
  if (value !== undefined && (!Array.isArray(value) || found.length !== value.length)) {
    problem(`${at} is ${JSON.stringify(value)}; it must be a list of texts`);
  }
  return found;
}
