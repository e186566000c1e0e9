import { createHash } from "node:crypto";
import type * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { toSeconds, type Duration } from "../../kit/duration";
import type { Problem } from "../../kit/problem";
import { pullSeconds, reportSeconds } from "./rollout";

type JobSpec = kubernetes.types.input.batch.v1.JobSpec;
type PodTemplateSpec = kubernetes.types.input.core.v1.PodTemplateSpec;

/** How long a job may take, and how often it is tried again. */
export interface JobLimits {
  /**
   * How long it may take, its retries included.
   * @default "10m"
   */
  readonly deadline?: Duration;
  /**
   * How often it is tried again after a failure.
   * @default 2
   */
  readonly retries?: number;
}

/** A job that is done once for each version. */
export interface JobRun extends JobLimits {
  /**
   * Another number runs it again, though nothing else has changed.
   * @default 0
   */
  readonly retry?: number;
}

const defaultDeadline: Duration = "10m";

/**
 * The spec of a Job. Failed pods are kept for their logs (`restartPolicy: Never` in the template), and
 * the Job itself is kept while it is the current one: gone, it would look as if it had never run.
 */
export function jobSpec(limits: JobLimits, template: PodTemplateSpec): JobSpec {
  return {
    backoffLimit: limits.retries ?? 2,
    activeDeadlineSeconds: toSeconds(limits.deadline ?? defaultDeadline),
    template,
  };
}

/** How long the engine waits for a Job, which has its deadline from the moment it exists. */
export function jobTimeouts(limits: JobLimits): pulumi.CustomTimeouts {
  const seconds = toSeconds(limits.deadline ?? defaultDeadline) + pullSeconds + reportSeconds;
  return { create: `${String(seconds)}s`, update: `${String(seconds)}s` };
}

/** The length of what `jobName` puts behind the name it is given. */
export const jobNameSuffix = 11;

/**
 * The name of a Job: a Job's template is immutable, so its name says by a hash what it runs. The same
 * work keeps its name, and is not done twice; other work is another Job, which replaces this one.
 */
export function jobName(baseName: string, ...work: readonly unknown[]): string {
  const hash = createHash("sha256").update(JSON.stringify(work)).digest("hex").slice(0, 10);
  return `${baseName}-${hash}`;
}

/** What is wrong with a job's limits. */
export function jobProblems({
  deadline = defaultDeadline,
  retries = 0,
}: JobLimits): readonly Problem[] {
  const problems: Problem[] = [];
  if (toSeconds(deadline) === 0) {
    problems.push({
      field: "deadline",
      message: `got "${deadline}"; it has to be at least a second, or the job ends before it begins.`,
    });
  }
  if (!Number.isInteger(retries) || retries < 0) {
    problems.push({
      field: "retries",
      message: `got ${String(retries)}; it has to be a whole number, 0 or more.`,
    });
  }
  return problems;
}
