import type { Problem } from "../../kit/problem";
import { featureSettings, type FeatureName, type PlatformFeatures } from "../../platform";
import { metricTypes } from "./autoscaler";
import { scalingOf } from "./scaling";
import { isServing, type ServingWorkloadShape, type WorkloadShape } from "./workload-shape";

/** What a workload asks of the platform that the stack leaves out. */
export function featureProblems(
  shape: WorkloadShape<unknown>,
  features: ReadonlySet<FeatureName>,
): readonly Problem[] {
  return neededFeatures(shape)
    .filter(({ feature }) => !features.has(feature))
    .map(({ field, feature, otherwise }) => ({
      field,
      message: `needs slipway:platform.${featureSettings[feature]}, which this stack does not have. Add it, or ${otherwise}.`,
    }));
}

/** The names of the features that are there. */
export function givenFeatures(features: Partial<PlatformFeatures> = {}): ReadonlySet<FeatureName> {
  const names = Object.keys(featureSettings) as FeatureName[];
  return new Set(names.filter((name) => features[name] !== undefined));
}

interface NeededFeature {
  /** The field that asks for it. */
  readonly field: string;
  readonly feature: FeatureName;
  /** What can be said instead. */
  readonly otherwise: string;
}

function neededFeatures(shape: WorkloadShape<unknown>): readonly NeededFeature[] {
  return isServing(shape) ? [...neededByScaling(shape), ...neededByRotation(shape)] : [];
}

function neededByRotation({
  restartOnRotation,
}: ServingWorkloadShape<unknown>): readonly NeededFeature[] {
  return restartOnRotation === true
    ? [{ field: "restartOnRotation", feature: "reloader", otherwise: "leave it out" }]
    : [];
}

function neededByScaling(shape: ServingWorkloadShape<unknown>): readonly NeededFeature[] {
  if (shape.kind === "DaemonSet") {
    return [];
  }
  const { hpa, natsLag, keda } = scalingOf(shape);
  const asked = hpa === undefined ? new Set<string>() : metricTypes(hpa);
  const triggers = keda?.triggers.map(({ type }) => type) ?? [];
  const needed: readonly (readonly [needs: boolean, field: string, feature: FeatureName])[] = [
    [natsLag !== undefined, "scaling.natsLag", "eventScaling"],
    [keda !== undefined, "scaling.keda", "eventScaling"],
    [asked.has("Resource"), "scaling.hpa", "resourceMetrics"],
    // Without one of its metrics an autoscaler never shrinks again.
    [asked.has("Pods"), "scaling.hpa.pods", "customMetrics"],
    [
      triggers.some((type) => type === "cpu" || type === "memory"),
      "scaling.keda.triggers",
      "resourceMetrics",
    ],
  ];
  const otherwise = "give the service another scaling in this stack, such as fixed";
  return needed
    .filter(([needs]) => needs)
    .map(([, field, feature]) => ({ field, feature, otherwise }));
}
