import { type Rule } from "../core/rule";
import { capabilityRules } from "./capabilities";
import { hostFileRules } from "./host-files";
import { identityRules } from "./identity";
import { imageRules } from "./images";
import { lifecycleRules } from "./lifecycle";
import { podHardeningRules } from "./pod-hardening";
import { podHostRules } from "./pod-host";
import { podProfileRules } from "./pod-profiles";
import { podRestrictedRules } from "./pod-restricted";
import { probeRules } from "./probes";
import { qualityOfServiceRules } from "./quality-of-service";
import { resourceRules } from "./resources";
import { secretReferenceRules } from "./secret-references";
import { secretRules } from "./secrets";
import { serviceAccountRules } from "./service-accounts";
import { unwantedSoftwareRules } from "./unwanted-software";

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
  ...unwantedSoftwareRules,
  ...secretRules,
  ...secretReferenceRules,
  ...resourceRules,
  ...qualityOfServiceRules,
  ...probeRules,
  ...lifecycleRules,
  ...imageRules,
];
