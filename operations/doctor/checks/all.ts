import { autoscalersWithoutMetrics, scaledObjects } from "./scaling";
import { blockingBudgets } from "./disruption";
import { certificates, servedCertificates } from "./certificates";
import type { Check } from "./check";
import { drift } from "./drift";
import { failedJobs, unboundClaims, unreadyWorkloads } from "./workloads";
import { nodeConditions } from "./nodes";
import { pendingOperations } from "./state";
import { storedVersions } from "./definitions";
import { stuckDeletions } from "./finalizers";
import { stuckReleases } from "./releases";
import { unsyncedSecrets } from "./external-secrets";
import { usedQuotas } from "./quotas";
import { webhookAuthorities } from "./webhooks";

/** Every check, in the order in which a person would look. */
export const checks: readonly Check[] = [
  pendingOperations,
  stuckReleases,
  nodeConditions,
  unreadyWorkloads,
  failedJobs,
  unboundClaims,
  stuckDeletions,
  unsyncedSecrets,
  certificates,
  servedCertificates,
  webhookAuthorities,
  autoscalersWithoutMetrics,
  scaledObjects,
  blockingBudgets,
  usedQuotas,
  storedVersions,
  drift,
];
