import { disruptionBudget } from "../../kit/disruption";
import { isLabelValue } from "../../kit/labels";
import type { Problem } from "../../kit/problem";
import {
  podNetworkLabels,
  podSelector,
  existingObjects,
  type Existing,
  type ExistingNames,
  type TakenOver,
} from "./existing";
import { servicePortNames } from "./ports";
import { boundsOf, replicasOf, scalingOf } from "./scaling";
import type { DeploymentKind } from "./workload-shape";

/** What is wrong with what a workload says is there already. */
export function existingProblems(
  workload: TakenOver & DeploymentKind<unknown>,
): readonly Problem[] {
  const { existing, takeOver } = workload;
  if (existing === undefined) {
    return takeOver === undefined
      ? []
      : [
          {
            field: "takeOver",
            message: `got "${takeOver}", but the declaration names no object in "existing". Name what is there, or leave takeOver out.`,
          },
        ];
  }
  return [
    ...nameProblems(existing),
    ...absentProblems(workload, existing),
    ...selectorProblems(existing.selector),
    ...jobProblems(workload),
  ];
}

function nameProblems(existing: Existing): readonly Problem[] {
  const { configMaps = [] } = existing;
  const objects = existingObjects.map((object) => [object, existing[object] ?? "none"] as const);
  return [...objects, ...configMaps.map((name) => ["configMaps", name] as const)]
    .filter(([, name]) => !/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name))
    .map(([field, name]) => ({
      field: `existing.${field}`,
      message: `got "${name}"; no object has such a name: lower-case letters, digits, hyphens and dots.`,
    }));
}

/** An object that is there but not declared would belong to nobody, and go on acting on the pods. */
function absentProblems(workload: DeploymentKind<unknown>, existing: Existing): readonly Problem[] {
  const { exposure = "none" } = workload;
  const paths = exposure === "none" ? [] : exposure.ingress.paths;
  const absent: readonly (readonly [keyof ExistingNames, boolean, string])[] = [
    ["service", servicePortNames(workload.ports).length === 0, "no port of it can be called"],
    ["autoscaler", replicasOf(scalingOf(workload)) !== undefined, "it scales by no autoscaler"],
    [
      "disruptionBudget",
      disruptionBudget(boundsOf(workload).floor) === undefined,
      "a floor of one pod has no budget",
    ],
    ["ingress", paths.every(({ auth }) => auth !== undefined), "it has no public path"],
  ];
  return absent.flatMap(([object, isAbsent, why]) => {
    const name = existing[object];
    return name !== undefined && isAbsent
      ? [
          {
            field: `existing.${object}`,
            message: `got "${name}", but ${why}. Declare that, or delete the object and leave its name out.`,
          },
        ]
      : [];
  });
}

function selectorProblems(selector: Existing["selector"]): readonly Problem[] {
  const entries = Object.entries(selector ?? {});
  if (selector !== undefined && entries.length === 0) {
    return [
      {
        field: "existing.selector",
        message: "is empty, which selects every pod of the namespace. Copy the Deployment's.",
      },
    ];
  }
  return entries
    .filter(([, value]) => !isLabelValue(value))
    .map(([key, value]) => ({
      field: `existing.selector["${key}"]`,
      message: `got "${value}"; it is a label's value: letters, digits, "-", "_" and ".", at most 63.`,
    }));
}

/** A selector of nothing but the network's label selects the pods of a migration or smoke test, too. */
function jobProblems(workload: TakenOver & DeploymentKind<unknown>): readonly Problem[] {
  const hasJobs = workload.migration !== undefined || workload.smokeTest !== undefined;
  const ofEveryPod = podNetworkLabels(workload);
  const selector = Object.entries(podSelector(workload));
  return hasJobs && selector.every(([key, value]) => ofEveryPod[key] === value)
    ? [
        {
          field: "existing.selector",
          message: `got ${JSON.stringify(podSelector(workload))}, which selects the pods of its migration and smoke test too: the Service would send them requests. Leave these jobs out.`,
        },
      ]
    : [];
}
