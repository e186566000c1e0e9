import { parseQuantity } from "../../../policy/core/quantity";
import { whereIs } from "../seen";
import type { Check } from "./check";

/** The share of a quota from which on it is nearly used. */
const nearly = 0.9;

/** Quotas without room for a rollout. */
export const usedQuotas: Check = {
  name: "quotas",
  reads: ["quotas"],
  find: ({ quotas }, { stack }) =>
    quotas.flatMap(({ metadata, status }) => {
      const tight = Object.entries(status?.hard ?? {}).flatMap(([resource, hard]) => {
        const used = status?.used?.[resource] ?? "0";
        const [most, now] = [parseQuantity(hard) ?? 0, parseQuantity(used) ?? 0];
        return most > 0 && now >= most * nearly
          ? [{ resource, used, hard, full: now >= most }]
          : [];
      });
      const isFull = tight.some(({ full }) => full);
      return tight.length === 0
        ? []
        : [
            {
              severity: isFull ? ("high" as const) : ("medium" as const),
              where: whereIs("ResourceQuota", metadata),
              what: `${isFull ? "it is used up" : "it is nearly used"}: ${tight.map(({ resource, used, hard }) => `${resource} ${used} of ${hard}`).join(", ")}`,
              why: "A rollout needs room for one more pod of each workload, and an autoscaler for its maximum.",
              fix: `raise the namespace's quota in the file of stack ${stack}, or lower requests or maxima`,
            },
          ];
    }),
};
