import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { cronJobSpec } from "./cron-job";
import { daemonSetSpec } from "./daemon-set";
import {
  replaceUnreadyAnnotation,
  revisionAnnotation,
  skipAwaitAnnotation,
  specAnnotation,
} from "./deployed-state";
import { deploymentSpec } from "./deployment";
import { jobSpec } from "./job";
import { endingPods, podTemplate } from "./pod-template";
import {
  digestOf,
  recordOf,
  revisionDigest,
  type Release,
  type ReleaseRecord,
  type Revision,
  type RolloutStep,
  type WorkloadRelease,
} from "./release";
import { statefulSetSpec } from "./stateful-set";
import type { WorkloadArgs } from "./workload-args";

/** What a run does with a workload, by what is deployed of it. */
export interface ReleasePlan {
  /** What the workload's component records of itself. */
  readonly record: ReleaseRecord;
  /**
   * Whether it is left as it is: its last rollout failed, this run is about other services, and nothing of
   * it has changed. It is neither rolled out again nor waited for, so that it does not stop the others.
   */
  readonly isLeft: boolean;
  /** The annotations of the object that runs the pods. */
  readonly annotations: Readonly<Record<string, string>>;
  /** What is done with a Job of the rollout. */
  job(step: RolloutStep): JobPlan;
}

/** What is done with a Job of a rollout. */
export interface JobPlan {
  /** Whether there is one; else it is left out, for it would run. */
  readonly isMade: boolean;
  /** Its annotations. */
  readonly annotations: Readonly<Record<string, string>>;
  /** The options that keep it as it is in the state, or make it anew under its name. */
  readonly opts: Pick<pulumi.CustomResourceOptions, "ignoreChanges" | "deleteBeforeReplace">;
}

const notAwaited = { [skipAwaitAnnotation]: "true" };

/** Decides what a run does with a workload. */
export function releasePlan(args: WorkloadArgs): ReleasePlan {
  const { release: chosen = declared } = args;
  const { deployed } = chosen;
  const revision = revisionOf(args);
  const spec = digestOf(controllerSpec(args));
  const isLeft = chosen.bystander && deployed?.failed === true && deployed.spec === spec;
  return {
    record: recordOf(`${args.application}/${args.service}`, releaseOf(revision, chosen), deployed),
    isLeft,
    annotations: {
      [revisionAnnotation]: revisionDigest(revision),
      [specAnnotation]: spec,
      ...(isLeft ? notAwaited : again("controller").annotations),
    },
    job: (step) => {
      // What a version migrates to that is rolled back to is older than what the database has seen.
      const isKept = isLeft || (step === "migration" && chosen.origin === "rollback");
      return isKept
        ? {
            isMade: deployed?.steps.includes(step) === true,
            annotations: deployed?.failed === true ? notAwaited : {},
            opts: { ignoreChanges: ["metadata.name", "metadata.labels", "spec"] },
          }
        : again(step);
    },
  };

  /** A Job that has failed does not start again by itself, and the engine would wait for it in vain. */
  function again(step: RolloutStep): JobPlan {
    return deployed?.again.includes(step) === true
      ? {
          isMade: true,
          annotations: { [replaceUnreadyAnnotation]: "true" },
          // The provider asks for it too, but a transform of the user's makes the SDK deny it.
          opts: { deleteBeforeReplace: true },
        }
      : { isMade: true, annotations: {}, opts: {} };
  }
}

/** A Job with the annotations that the plan gives it. */
export function annotated(
  job: kubernetes.batch.v1.JobArgs,
  { annotations }: JobPlan,
): kubernetes.batch.v1.JobArgs {
  return Object.keys(annotations).length === 0
    ? job
    : { ...job, metadata: { ...job.metadata, annotations: { ...annotations } } };
}

/** Says that a service is left as it is, and how to go on. */
export function warnOfLeft(service: string, workload: pulumi.Resource): void {
  const text =
    `The last rollout of ${service} failed. It is left as it is, because this update is about other services. ` +
    `To go on: run an update that names no service, give it a version (SLIPWAY_IMAGES="${service}=..."), or ` +
    `roll it back (npm run rollback -- --stack <stack> ${service}).`;
  // A run that is over by then has nobody to tell.
  pulumi.log.warn(text, workload).catch(() => undefined);
}

const declared: WorkloadRelease = { origin: "declared", bystander: false };

function releaseOf(revision: Revision, { origin, pinned }: WorkloadRelease): Release {
  return { ...revision, origin, ...(pinned === undefined ? {} : { pinned }) };
}

/** What a workload runs. */
export function revisionOf({ image, command, args, env = {}, config }: WorkloadArgs): Revision {
  return {
    image,
    ...(command === undefined ? {} : { command }),
    ...(args === undefined ? {} : { args }),
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
    ...(config === undefined ? {} : { config }),
  };
}

/** The arguments of a workload that runs a revision, whatever else it would run. */
export function revisionArgs({
  image,
  command,
  args,
  env,
  config,
}: Revision): Pick<WorkloadArgs, "image" | "command" | "args" | "env" | "config"> {
  return {
    image,
    command,
    args,
    env: Object.fromEntries(env.map(({ name, value }) => [name, value])),
    config,
  };
}

function controllerSpec(args: WorkloadArgs): unknown {
  switch (args.kind) {
    case "CronJob":
      return cronJobSpec(args.schedule, podTemplate(args, endingPods(args)));
    case "Job":
      return jobSpec(args.run ?? {}, podTemplate(args, endingPods(args)));
    case "DaemonSet":
      return daemonSetSpec(args);
    case "StatefulSet":
      return statefulSetSpec(args);
    default:
      return deploymentSpec(args);
  }
}
