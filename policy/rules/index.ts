import { type Rule } from "../core/rule";
import { capabilityRules } from "./capabilities";
import { hostFileRules } from "./host-files";
import { identityRules } from "./identity";
import { podHardeningRules } from "./pod-hardening";
import { podHostRules } from "./pod-host";
import { podProfileRules } from "./pod-profiles";
import { podRestrictedRules } from "./pod-restricted";
import { serviceAccountRules } from "./service-accounts";

/** Every rule, topic by topic. */
export const RULES: readonly Rule[] = [
  ...podHostRules,
  ...podProfileRules,
  ...podRestrictedRules,
  ...capabilityRules,
  ...identityRules,
  ...hostFileRules,
  ...podHardeningRules,
  ...serviceAccountRules,
];
