import { type Action, type Rule } from "./rule";

export const PROFILES = ["baseline", "production", "strict", "all"] as const;
export type Profile = (typeof PROFILES)[number];

/** Topics whose mandatory rules stay mandatory under `baseline`. */
const BASELINE_TOPICS: readonly string[] = ["pss-baseline", "probes", "images"];

/** The action of a rule under a profile, before the configuration's own levels. */
export function actionUnder(profile: Profile, rule: Rule): Action {
  switch (profile) {
    case "production":
      return rule.action;
    case "baseline": {
      const kept = BASELINE_TOPICS.includes(rule.topic) || rule.id === "memory-limit";
      return rule.action === "mandatory" && !kept ? "advisory" : rule.action;
    }
    case "strict":
      return rule.action === "advisory" ? "mandatory" : rule.action;
    case "all":
      if (rule.action === "off") {
        return rule.contradicts === undefined ? "advisory" : "off";
      }
      return "mandatory";
  }
}
