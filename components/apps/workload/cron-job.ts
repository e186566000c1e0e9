import type * as kubernetes from "@pulumi/kubernetes";
import { toSeconds, type Duration } from "../../kit/duration";
import type { Problem } from "../../kit/problem";
import { jobProblems, jobSpec } from "./job";

/** When a job runs, and what happens when it cannot. */
export interface Schedule {
  /**
   * Five fields, minute to day of the week, or a name such as `"@daily"`.
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
   */
  readonly cron: string;
  /**
   * The time zone of the schedule, by its IANA name.
   * @default "Etc/UTC"
   */
  readonly timeZone?: string;
  /**
   * What happens when the run before has not ended: the new one is left out, replaces it, or runs
   * beside it.
   * @default "Forbid"
   */
  readonly concurrency?: "Forbid" | "Replace" | "Allow";
  /**
   * How late a run may start before it counts as missed; at least 10 s.
   * @default "5m"
   */
  readonly startingDeadline?: Duration;
  /**
   * How long a run may take, its retries included.
   * @default "30m"
   */
  readonly deadline?: Duration;
  /**
   * How often a failed run is tried again.
   * @default 2
   */
  readonly retries?: number;
}

/** How long a run may take where nobody says. */
export const defaultRunDeadline: Duration = "30m";

/**
 * The spec of a CronJob. Failed pods are kept for their logs (`restartPolicy: Never`), and three runs of
 * each outcome for comparison.
 */
export function cronJobSpec(
  schedule: Schedule,
  template: kubernetes.types.input.core.v1.PodTemplateSpec,
): kubernetes.types.input.batch.v1.CronJobSpec {
  return {
    schedule: schedule.cron,
    timeZone: schedule.timeZone ?? "Etc/UTC",
    concurrencyPolicy: schedule.concurrency ?? "Forbid",
    startingDeadlineSeconds: toSeconds(schedule.startingDeadline ?? "5m"),
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 3,
    jobTemplate: {
      spec: jobSpec(
        { retries: schedule.retries, deadline: schedule.deadline ?? defaultRunDeadline },
        template,
      ),
    },
  };
}

/** The controller looks every 10 seconds; a shorter deadline would miss every run. */
const shortestStartingDeadlineSeconds = 10;

/** The form of a schedule; whether each number is in its range is the API server's to say, in preview. */
const cronPattern =
  /^(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|([0-9A-Za-z*?/,-]+ ){4}[0-9A-Za-z*?/,-]+)$/;

/** What is wrong with a schedule. */
export function scheduleProblems(schedule: Schedule): readonly Problem[] {
  const { startingDeadline = "5m", timeZone = "Etc/UTC" } = schedule;
  return [
    ...(cronPattern.test(schedule.cron)
      ? []
      : [
          {
            field: "cron",
            message: `got "${schedule.cron}"; it has to be five fields, such as "0 6 * * *", or a name such as "@daily".`,
          },
        ]),
    ...(isTimeZone(timeZone)
      ? []
      : [
          {
            field: "timeZone",
            message: `got "${timeZone}"; it has to be an IANA name such as "Europe/Berlin".`,
          },
        ]),
    ...(toSeconds(startingDeadline) >= shortestStartingDeadlineSeconds
      ? []
      : [
          {
            field: "startingDeadline",
            message: `got "${startingDeadline}"; it has to be at least ${String(shortestStartingDeadlineSeconds)}s, because the controller looks every 10 seconds.`,
          },
        ]),
    ...jobProblems(schedule),
  ];
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
