import { type Rule } from "../core/rule";
import { argoRules } from "./argo";
import { autoscalingRules } from "./autoscaling";
import { autoscalingMetricRules } from "./autoscaling-metrics";
import { budgetRules } from "./budgets";
import { capabilityRules } from "./capabilities";
import { disruptionBudgetRules } from "./disruption-budgets";
import { gatewayRules } from "./gateways";
import { helmRules } from "./helm";
import { hostFileRules } from "./host-files";
import { identityRules } from "./identity";
import { imageRules } from "./images";
import { ingressNginxRules } from "./ingress-nginx";
import { ingressRules } from "./ingresses";
import { jobRules } from "./jobs";
import { labelRules } from "./labels";
import { lifecycleRules } from "./lifecycle";
import { namespaceRules } from "./namespaces";
import { networkPolicyRules } from "./network-policies";
import { objectBasicRules } from "./object-basics";
import { persistenceRules } from "./persistence";
import { podHardeningRules } from "./pod-hardening";
import { podHostRules } from "./pod-host";
import { podProfileRules } from "./pod-profiles";
import { podRestrictedRules } from "./pod-restricted";
import { portRules } from "./ports";
import { probeRules } from "./probes";
import { pulumiOptionRules } from "./pulumi-options";
import { qualityOfServiceRules } from "./quality-of-service";
import { rbacAccessRules } from "./rbac-access";
import { rbacBindingRules } from "./rbac-bindings";
import { rbacEscalationRules } from "./rbac-escalation";
import { rbacWriteRules } from "./rbac-writes";
import { replicaRules } from "./replicas";
import { resourceRules } from "./resources";
import { schedulingRules } from "./scheduling";
import { schemaRules } from "./schema";
import { secretReferenceRules } from "./secret-references";
import { secretRules } from "./secrets";
import { serviceAccountRules } from "./service-accounts";
import { serviceTargetRules } from "./service-targets";
import { serviceRules } from "./services";
import { spreadingRules } from "./spreading";
import { unwantedSoftwareRules } from "./unwanted-software";
import { volumeReferenceRules } from "./volume-references";

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
  ...replicaRules,
  ...spreadingRules,
  ...schedulingRules,
  ...disruptionBudgetRules,
  ...autoscalingRules,
  ...autoscalingMetricRules,
  ...networkPolicyRules,
  ...serviceRules,
  ...serviceTargetRules,
  ...portRules,
  ...ingressRules,
  ...ingressNginxRules,
  ...gatewayRules,
  ...rbacBindingRules,
  ...rbacAccessRules,
  ...rbacEscalationRules,
  ...rbacWriteRules,
  ...persistenceRules,
  ...volumeReferenceRules,
  ...jobRules,
  ...objectBasicRules,
  ...schemaRules,
  ...namespaceRules,
  ...labelRules,
  ...pulumiOptionRules,
  ...budgetRules,
  ...helmRules,
  ...argoRules,
];
