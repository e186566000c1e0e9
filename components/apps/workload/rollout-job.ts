import type * as kubernetes from "@pulumi/kubernetes";
import { selectorLabels } from "../../kit/labels";
import { within, type Problem } from "../../kit/problem";
import { resourceProblems, type ResourceProfile } from "../../kit/resources";
import type { EnvValue } from "./env";
import { jobName, jobNameSuffix, jobProblems, jobSpec, type JobRun } from "./job";
import { podLabels, podTemplate, type PodArgs } from "./pod-template";

/** A command that runs to its end beside a rollout, with the service's environment and configuration. */
export interface RolloutJobShape<Value = EnvValue> extends JobRun {
  /**
   * The program, in place of the image's entry point. It runs again when it fails, so running it twice
   * has to do no more than running it once.
   * @default - the image's
   */
  readonly command?: readonly string[];
  /**
   * Its arguments; `$(NAME)` is replaced by an environment variable. One of `command` and `args` is
   * needed: with neither, the job would be the service itself, and never end.
   * @default - the image's
   */
  readonly args?: readonly string[];
  /**
   * Environment variables that are added, or take the place of the service's.
   * @default - none
   */
  readonly env?: Readonly<Record<string, Value>>;
  /**
   * What it uses.
   * @default - what a container of the service uses
   */
  readonly resources?: ResourceProfile;
}

/** A test of what was rolled out. */
export interface SmokeTestShape<Value = EnvValue> extends RolloutJobShape<Value> {
  /**
   * A public image with its tag or digest.
   * @default - the service's image
   */
  readonly image?: string;
}

/** Before the first pod of a new version starts, or after the last one serves. */
export type RolloutPhase = "migration" | "smoke-test";

/**
 * The Job of one phase of a rollout. In the network its pods are the service, but no request is sent to
 * them and no disruption budget counts them.
 *
 * It runs again when anything in it changes, or `about`: what a test is about beyond itself.
 */
export function rolloutJob(
  args: PodArgs,
  phase: RolloutPhase,
  job: SmokeTestShape,
  about?: unknown,
): kubernetes.batch.v1.JobArgs {
  const pod: PodArgs = {
    ...args,
    image: job.image ?? args.image,
    command: job.command,
    args: job.args,
    env: { ...args.env, ...job.env },
    resources: job.resources ?? args.resources,
    initContainers: undefined,
    // Neither of them is what asked for the API.
    apiAccess: undefined,
  };
  const labels = {
    ...podLabels(pod),
    ...selectorLabels(`${args.service}-${phase}`),
    "app.kubernetes.io/component": phase,
  };
  const spec = jobSpec(
    job,
    podTemplate(pod, { labels, container: {}, pod: { restartPolicy: "Never" } }),
  );
  return {
    metadata: {
      name: jobName(`${args.service}-${phase}`, spec, job.retry ?? 0, about),
      namespace: args.namespace.name,
      labels,
    },
    spec,
  };
}

/** How long the name of a service may be that has a job in this phase; a Job's name is a label of its pods. */
export function longestServiceName(phase: RolloutPhase): number {
  return 63 - jobNameSuffix - `-${phase}`.length;
}

/** What is wrong with a job beside a rollout. */
export function rolloutJobProblems(job: RolloutJobShape<unknown>): readonly Problem[] {
  return [
    ...((job.command ?? job.args ?? []).length > 0
      ? []
      : [
          {
            field: "command",
            message:
              "got neither command nor args; name one, or the job is the service itself, which never ends.",
          },
        ]),
    ...jobProblems(job),
    ...(job.resources === undefined ? [] : within("resources", resourceProblems(job.resources))),
  ];
}
