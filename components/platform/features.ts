import type * as pulumi from "@pulumi/pulumi";
import type { NetworkPeer } from "../kit/connection";
import type { PlatformSettings } from "../settings/platform";
import type { PriorityClasses } from "./priority-classes";

/** A part of the platform that a stack may leave out. */
export interface Feature {
  /** What an object that needs the feature depends on. */
  readonly ready: readonly pulumi.Resource[];
}

/** Prometheus, and what it takes to be scraped by it. */
export interface Monitoring extends Feature {
  /** The namespace of the Prometheus that scrapes. */
  readonly namespace: string;
  /** The labels of its pods: what it scrapes lets these in. */
  readonly podLabels: Readonly<Record<string, string>>;
  /** The labels by which it finds a ServiceMonitor, a PodMonitor or a PrometheusRule, in any namespace. */
  readonly labels: Readonly<Record<string, string>>;
}

/** KEDA, and where its operator asks for the length of a queue. */
export interface EventScaling extends Feature {
  /** The pods that open connections to what is scaled on: that lets these in. */
  readonly operator: Pick<NetworkPeer, "namespace" | "podLabels">;
}

/** What the platform offers beyond what every stack has; a part that the stack leaves out is undefined. */
export interface PlatformFeatures {
  /** The PriorityClasses of the cluster. */
  readonly priorityClasses: PriorityClasses;
  /**
   * KEDA: scales on events.
   * @default - ScaledObjects are not served
   */
  readonly eventScaling?: EventScaling;
  /**
   * Prometheus: scrapes and alerts.
   * @default - ServiceMonitors and PrometheusRules are not served
   */
  readonly monitoring?: Monitoring;
  /**
   * The metrics of pods that Prometheus scrapes, for autoscalers.
   * @default - an autoscaler knows no metric of the pods' own
   */
  readonly customMetrics?: Feature;
  /**
   * The CPU and memory that pods use, for autoscalers.
   * @default - an autoscaler knows neither
   */
  readonly resourceMetrics?: Feature;
  /**
   * The recommender of the vertical pod autoscaler.
   * @default - VerticalPodAutoscalers are not served
   */
  readonly recommendations?: Feature;
  /**
   * Reloader: restarts pods whose Secret or ConfigMap has changed.
   * @default - pods keep what they started with
   */
  readonly reloader?: Feature;
}

/** The name of a feature that a stack may leave out. */
export type FeatureName = Exclude<keyof PlatformFeatures, "priorityClasses">;

/** The key below `slipway:platform` that brings each feature. */
export const featureSettings = {
  eventScaling: "keda",
  monitoring: "kubePrometheusStack",
  customMetrics: "prometheusAdapter",
  resourceMetrics: "metricsServer",
  recommendations: "verticalPodAutoscaler",
  reloader: "reloader",
} as const satisfies Readonly<Record<FeatureName, string>>;

/** The features that a stack has, from its settings alone: known before anything is registered. */
export function featuresOf(settings: PlatformSettings): ReadonlySet<FeatureName> {
  const present = new Set(
    Object.entries(settings).flatMap(([key, value]) => (value === undefined ? [] : [key])),
  );
  const names = Object.keys(featureSettings) as FeatureName[];
  return new Set(names.filter((name) => present.has(featureSettings[name])));
}
