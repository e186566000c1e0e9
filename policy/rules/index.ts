import { type Rule } from "../core/rule";
import { podHostRules } from "./pod-host";

/** Every rule, topic by topic. */
export const RULES: readonly Rule[] = [...podHostRules];
