import { containerSecurityContext } from "../kit/hardening";
import type { ObjectTransform } from "../kit/chart";
import { onContainer, onPodSpec } from "../kit/object-transforms";
import { spread } from "../kit/placement";
import { containerResources, type ContainerResources } from "../kit/resources";

export interface VerticalPodAutoscalerValuesArgs {
  /** Pods of the recommender; one leads, the others wait. */
  readonly replicas: number;
}

/** The values of the chart that we set. */
export interface VerticalPodAutoscalerValues {
  readonly podSecurityContext: { readonly seccompProfile: { readonly type: "RuntimeDefault" } };
  readonly containerSecurityContext: ReturnType<typeof containerSecurityContext>;
  readonly admissionController: { readonly enabled: false };
  readonly updater: { readonly enabled: false };
  readonly recommender: {
    readonly replicas: number;
    readonly resources: ContainerResources;
    readonly leaderElection: { readonly enabled: boolean };
    readonly podDisruptionBudget:
      { readonly enabled: false } | { readonly enabled: true; readonly minAvailable: 1 };
  };
}

/** The release, by which the chart names its objects. */
export const releaseName = "vertical-pod-autoscaler";

/** The labels of the recommender's pods. */
export const recommenderLabels = {
  "app.kubernetes.io/name": releaseName,
  "app.kubernetes.io/instance": releaseName,
  "app.kubernetes.io/component": "recommender",
} as const;

/** The values of the vertical-pod-autoscaler chart: only what recommends, nothing that changes a pod. */
export function verticalPodAutoscalerValues({
  replicas,
}: VerticalPodAutoscalerValuesArgs): VerticalPodAutoscalerValues {
  return {
    podSecurityContext: { seccompProfile: { type: "RuntimeDefault" } },
    containerSecurityContext: containerSecurityContext(),
    admissionController: { enabled: false },
    updater: { enabled: false },
    recommender: {
      replicas,
      // It keeps a histogram of every container that has a VerticalPodAutoscaler: 500Mi is what the chart proposes.
      resources: containerResources({ typical: { cpu: "50m", memory: "500Mi" } }),
      leaderElection: { enabled: replicas > 1 },
      // The chart has this minimum by default, and a maximum beside it would be refused.
      podDisruptionBudget: replicas > 1 ? { enabled: true, minAvailable: 1 } : { enabled: false },
    },
  };
}

const deployment = { kind: "Deployment", name: `${releaseName}-recommender` } as const;

/**
 * What the chart has no value for: its pods are spread over zones and hosts, and a pod that does not answer is
 * taken for dead later than it is taken out.
 */
export const verticalPodAutoscalerTransforms: readonly ObjectTransform[] = [
  onPodSpec(deployment, { ...spread(recommenderLabels) }),
  onContainer(
    { ...deployment, container: "recommender" },
    {
      livenessProbe: { failureThreshold: 6, timeoutSeconds: 3 },
      readinessProbe: { timeoutSeconds: 3 },
    },
  ),
];
