import { toSeconds } from "../kit/duration";
import { parseImage } from "../kit/image-reference";
import { isLabelValue, type LabelFacts } from "../kit/labels";
import { probeProblems } from "../kit/probes";
import { within, type Problem } from "../kit/problem";
import { isQuantity } from "../kit/quantity";
import { resourceProblems } from "../kit/resources";
import { scheduleProblems, type Schedule } from "./cron-job";
import { scalingOf } from "./deployment";
import { exposureProblems, type ExposureShape } from "./exposure";
import { portNumbers, portProblems, servicePortNames } from "./ports";
import { rolloutProblems } from "./rollout";
import { longestServiceName, rolloutJobProblems } from "./rollout-job";
import { scalingProblems } from "./scaling";
import type { ContainerShape, DeploymentShape, EnvValue } from "./workload-args";

/**
 * What of a workload can be judged before its namespace and its connections exist. `Value` is what its
 * environments may hold.
 */
export type WorkloadShape<Value = EnvValue> = LabelFacts &
  ContainerShape & { readonly image: string } & (DeploymentKind<Value> | CronJobKind);

interface DeploymentKind<Value = unknown> extends DeploymentShape<string, Value> {
  readonly kind?: "Deployment";
  readonly exposure?: "none" | { readonly ingress: ExposureShape };
}

interface CronJobKind {
  readonly kind: "CronJob";
  readonly schedule: Schedule;
}

/** The longest DNS label. */
const longestName = 63;

/** The API server adds 11 characters to a CronJob's name for each Job. */
const longestCronJobName = 52;

/** What is wrong with a workload, all of it at once. */
export function workloadProblems(shape: WorkloadShape<unknown>): readonly Problem[] {
  return [
    ...nameProblems(shape),
    ...imageProblems(shape.image),
    ...containerProblems(shape),
    ...(shape.kind === "CronJob"
      ? within("schedule", scheduleProblems(shape.schedule))
      : deploymentProblems(shape)),
  ];
}

function nameProblems(shape: WorkloadShape<unknown>): readonly Problem[] {
  return [
    ...dnsLabelProblems("service", shape.service, longestServiceNameOf(shape)),
    ...dnsLabelProblems("application", shape.application, longestName),
    ...labelProblems("team", shape.team),
    ...labelProblems("environment", shape.environment),
  ];
}

/** What is derived from a service's name has to fit, too. */
function longestServiceNameOf(shape: WorkloadShape<unknown>): number {
  if (shape.kind === "CronJob") {
    return longestCronJobName;
  }
  return Math.min(
    longestName,
    ...(shape.migration === undefined ? [] : [longestServiceName("migration")]),
    ...(shape.smokeTest === undefined ? [] : [longestServiceName("smoke-test")]),
  );
}

function dnsLabelProblems(field: string, name: string, longest: number): readonly Problem[] {
  return /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name) && name.length <= longest
    ? []
    : [
        {
          field,
          message: `got "${name}"; it has to be lower-case letters, digits and hyphens, a letter first, at most ${String(longest)}.`,
        },
      ];
}

function labelProblems(field: string, value: string): readonly Problem[] {
  return isLabelValue(value) && value !== ""
    ? []
    : [
        {
          field,
          message: `got "${value}"; it becomes a label, so it has to be letters, digits, "-", "_" and ".", at most 63.`,
        },
      ];
}

function imageProblems(image: string): readonly Problem[] {
  const { tag, digest } = parseImage(image);
  if (digest !== undefined || (tag !== undefined && tag !== "latest")) {
    return [];
  }
  return [
    {
      field: "image",
      message: `got "${image}"; it has to end in a tag other than "latest", or in a digest, so that every pod runs the same version.`,
    },
  ];
}

function containerProblems(shape: ContainerShape): readonly Problem[] {
  const problems: Problem[] = [...within("resources", resourceProblems(shape.resources))];
  if (shape.user !== undefined && !(Number.isInteger(shape.user) && shape.user > 0)) {
    problems.push({
      field: "user",
      message: `got ${String(shape.user)}; it has to be the number of a user other than root (0).`,
    });
  }
  for (const [path, size] of Object.entries(shape.writable ?? {})) {
    if (!path.startsWith("/") || path === "/" || !isQuantity(size)) {
      problems.push({
        field: `writable["${path}"]`,
        message: `got "${size}"; a writable folder has an absolute path other than "/", and a size such as "64Mi".`,
      });
    }
  }
  return problems;
}

function deploymentProblems(shape: DeploymentKind): readonly Problem[] {
  const { exposure = "none", ports, probes, rollout = {} } = shape;
  return [
    ...within("ports", portProblems(ports)),
    ...within("probes", probeProblems(probes, portNumbers(ports))),
    ...within("scaling", scalingProblems(scalingOf(shape))),
    ...within("rollout", rolloutProblems(rollout)),
    ...within("shutdown", shutdownProblems(shape)),
    ...rolloutJobsProblems(shape),
    ...(exposure === "none"
      ? []
      : within("exposure.ingress", exposureProblems(exposure.ingress, servicePortNames(ports)))),
  ];
}

function rolloutJobsProblems({ migration, smokeTest }: DeploymentKind): readonly Problem[] {
  return [
    ...(migration === undefined ? [] : within("migration", rolloutJobProblems(migration))),
    ...(smokeTest === undefined ? [] : within("smokeTest", rolloutJobProblems(smokeTest))),
    ...(smokeTest?.image === undefined ? [] : within("smokeTest", imageProblems(smokeTest.image))),
  ];
}

function shutdownProblems({ shutdown }: DeploymentKind): readonly Problem[] {
  return shutdown?.drain !== undefined && toSeconds(shutdown.drain) === 0
    ? [
        {
          field: "drain",
          message: `got "${shutdown.drain}"; the process needs at least a second to end what it has begun, or it is killed in it.`,
        },
      ]
    : [];
}
