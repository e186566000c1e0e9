import { toSeconds } from "../kit/duration";
import { defaultRunDeadline, type Schedule } from "./workload/cron-job";
import { maxSurge, type Rollout } from "./workload/rollout";
import { boundsOf, isSingleton, type Scaling } from "./workload/scaling";

/** What of a workload says how many pods of it there may be. */
type Countable =
  | { readonly kind?: "Deployment"; readonly scaling?: Scaling; readonly rollout?: Rollout }
  | { readonly kind: "StatefulSet"; readonly scaling?: Scaling }
  | { readonly kind: "CronJob"; readonly schedule: Schedule }
  | { readonly kind: "DaemonSet" | "Job" };

/**
 * The most pods that a workload has at once, with those that a rollout adds. A DaemonSet has as many as
 * there are nodes, which no stack file knows: it counts as none.
 */
export function mostPods(workload: Countable): number {
  switch (workload.kind) {
    case "DaemonSet":
      return 0;
    case "Job":
      return 1;
    case "CronJob":
      return mostRuns(workload.schedule);
    case "StatefulSet":
      return boundsOf(workload).ceiling;
    default:
      return (
        boundsOf(workload).ceiling + (isSingleton(workload) ? 0 : maxSurge(workload.rollout ?? {}))
      );
  }
}

/** How many runs of a scheduled job there may be at once: each ends at its deadline. */
function mostRuns({
  cron,
  concurrency = "Forbid",
  deadline = defaultRunDeadline,
}: Schedule): number {
  switch (concurrency) {
    case "Forbid":
      return 1;
    case "Replace":
      // The one that is replaced takes its time to end.
      return 2;
    case "Allow":
      return Math.max(1, Math.ceil(toSeconds(deadline) / (60 * shortestGap(cron))));
  }
}

/** The minutes between two runs, at the least, by the minutes of the hour alone. */
function shortestGap(cron: string): number {
  const [field = ""] = cron.split(" ");
  const minutes = field.startsWith("@") ? [0] : minutesIn(field);
  const gaps = minutes.map((minute, index) => {
    const next = minutes[index + 1] ?? (minutes[0] ?? 0) + 60;
    return next - minute;
  });
  return Math.max(1, Math.min(...gaps));
}

// The minutes that a field such as 5, 0,30, 10-20 or */15 names.
function minutesIn(field: string): readonly number[] {
  const named = field.split(",").flatMap((part) => {
    const [range = "*", step] = part.split("/");
    const [first, last] = range === "*" ? [0, 59] : range.split("-").map(Number);
    const end = last ?? (step === undefined ? first : 59);
    const all = Array.from({ length: 60 }, (_, minute) => minute);
    return all.filter(
      (minute) =>
        minute >= (first ?? 0) &&
        minute <= (end ?? 59) &&
        (minute - (first ?? 0)) % Number(step ?? 1) === 0,
    );
  });
  return [...new Set(named)].sort((one, other) => one - other);
}
