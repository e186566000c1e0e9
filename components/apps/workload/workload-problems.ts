import { toSeconds } from "../../kit/duration";
import { isLabelValue } from "../../kit/labels";
import { probeProblems } from "../../kit/probes";
import { within, type Problem } from "../../kit/problem";
import { accessProblems } from "./access";
import { alertProblems } from "./alerts";
import { containerProblems, folderProblems } from "./container-problems";
import { scheduleProblems } from "./cron-job";
import { existingProblems } from "./existing-problems";
import { exposureProblems } from "./exposure";
import { extraContainerProblems } from "./extra-containers";
import { imageProblems } from "./image-problems";
import { jobNameSuffix, jobProblems } from "./job";
import { metricsProblems } from "./metrics";
import { portNumbers, portProblems, servicePortNames } from "./ports";
import { rolloutProblems } from "./rollout";
import { longestServiceName, rolloutJobProblems } from "./rollout-job";
import { scalingOf, scalingProblems } from "./scaling";
import { claimProblems, longestStatefulSetName } from "./stateful-set";
import { volumeProblems } from "./volumes";
import type { ContainerShape } from "./workload-args";
import { isServing, type ServingKind, type WorkloadShape } from "./workload-shape";

/** The longest DNS label. */
const longestName = 63;

/** What is wrong with a workload, all of it at once. */
export function workloadProblems(shape: WorkloadShape<unknown>): readonly Problem[] {
  return [
    ...nameProblems(shape),
    ...imageProblems(shape.image),
    ...containerProblems(shape),
    ...extraContainerProblems(shape, shape.service, isServing(shape) ? shape.ports : {}),
    ...within("volumes", volumeProblems(shape.volumes ?? {})),
    ...folderProblems(shape, shape.kind === "StatefulSet" ? shape.claims : {}),
    ...priorityProblems(shape),
    ...accessProblems(shape),
    ...kindProblems(shape),
  ];
}

function kindProblems(shape: WorkloadShape<unknown>): readonly Problem[] {
  switch (shape.kind) {
    case "CronJob":
      return within("schedule", scheduleProblems(shape.schedule));
    case "Job":
      return within("run", jobProblems(shape.run ?? {}));
    case "DaemonSet":
      return servingProblems(shape);
    case "StatefulSet":
      return [
        ...servingProblems(shape),
        ...within("scaling", scalingProblems(scalingOf(shape))),
        ...claimProblems(shape),
      ];
    default:
      return [
        ...servingProblems(shape),
        ...within("scaling", scalingProblems(scalingOf(shape))),
        ...within("rollout", rolloutProblems(shape.rollout ?? {})),
        ...existingProblems(shape),
      ];
  }
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
  if (!isServing(shape)) {
    // The API server adds as much to a CronJob's name for each Job as we add to a Job's.
    return longestName - jobNameSuffix;
  }
  return Math.min(
    longestName,
    ...(shape.kind === "StatefulSet" ? [longestStatefulSetName] : []),
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

function servingProblems(shape: ServingKind<unknown>): readonly Problem[] {
  const { exposure = "none", ports, probes } = shape;
  return [
    ...within("ports", portProblems(ports)),
    ...within("probes", probeProblems(probes, portNumbers(ports))),
    ...within("shutdown", shutdownProblems(shape)),
    ...rolloutJobsProblems(shape),
    ...within("metrics", metricsProblems(shape)),
    ...within("alerts", alertProblems(shape.alerts)),
    ...(exposure === "none"
      ? []
      : within("exposure.ingress", exposureProblems(exposure.ingress, servicePortNames(ports)))),
  ];
}

function priorityProblems({ priorityClass }: ContainerShape<unknown>): readonly Problem[] {
  return priorityClass === undefined ||
    typeof priorityClass === "string" ||
    /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(priorityClass.named)
    ? []
    : [
        {
          field: "priorityClass.named",
          message: `got "${priorityClass.named}"; no PriorityClass has such a name: lower-case letters, digits, "-" and ".".`,
        },
      ];
}

function rolloutJobsProblems({ migration, smokeTest }: ServingKind<unknown>): readonly Problem[] {
  return [
    ...(migration === undefined ? [] : within("migration", rolloutJobProblems(migration))),
    ...(smokeTest === undefined ? [] : within("smokeTest", rolloutJobProblems(smokeTest))),
    ...(smokeTest?.image === undefined ? [] : within("smokeTest", imageProblems(smokeTest.image))),
  ];
}

/** Connections that were open when the end was asked for take a few seconds to be answered. */
const shortestDrainSeconds = 6;

function shutdownProblems({ shutdown }: ServingKind<unknown>): readonly Problem[] {
  return shutdown?.drain !== undefined && toSeconds(shutdown.drain) < shortestDrainSeconds
    ? [
        {
          field: "drain",
          message: `got "${shutdown.drain}"; the process needs at least ${String(shortestDrainSeconds)}s to end what it has begun, or it is killed in it.`,
        },
      ]
    : [];
}
