import type { Certificates } from "./cert-manager";
import type { Edge } from "./edge";
import type { SecretStores } from "./external-secrets";
import { featureSettings, type FeatureName, type PlatformFeatures } from "./features";
import type { ListedClasses } from "./storage-classes";

/** What applications need of a platform, be it their own stack's or another's. */
export interface PlatformFacts {
  /** Who signs certificates inside the cluster. */
  readonly certificates: Certificates;
  /** How traffic from outside reaches an application. */
  readonly edge: Edge;
  /** What carries Secrets from where they are kept to where they are read. */
  readonly secretStores: SecretStores;
  /** What the stack has beyond what every stack has. */
  readonly features: PlatformFeatures;
  /**
   * The StorageClasses that it lists.
   * @default - it does not say; a claim may name any
   */
  readonly storageClasses?: ListedClasses;
}

/** The facts about a platform that another stack can use: plain values, with nothing left to wait for. */
export function platformFacts(platform: PlatformFacts): PlatformFacts {
  const { certificates, edge, secretStores, storageClasses } = platform;
  return {
    certificates: { clusterIssuer: certificates.clusterIssuer, ready: [] },
    edge: {
      kind: edge.kind,
      className: edge.className,
      controller: edge.controller,
      clusterIssuer: edge.clusterIssuer,
      ready: [],
    },
    secretStores: {
      stores: Object.fromEntries(Object.keys(secretStores.stores).map((store) => [store, []])),
      ready: [],
    },
    features: featureFacts(platform.features),
    storageClasses: storageClasses && { names: storageClasses.names, ready: [] },
  };
}

function featureFacts(features: PlatformFeatures): PlatformFeatures {
  const { priorityClasses, eventScaling, monitoring, customMetrics } = features;
  const { resourceMetrics, recommendations, reloader } = features;
  const plain = { ready: [] };
  return {
    priorityClasses: { names: priorityClasses.names, ...plain },
    eventScaling: eventScaling && { operator: eventScaling.operator, ...plain },
    monitoring: monitoring && {
      namespace: monitoring.namespace,
      podLabels: monitoring.podLabels,
      labels: monitoring.labels,
      ...plain,
    },
    customMetrics: customMetrics && plain,
    resourceMetrics: resourceMetrics && plain,
    recommendations: recommendations && plain,
    reloader: reloader && plain,
  };
}

/** The features that a platform has, by what it hands out. */
export function featuresIn({
  features,
}: Pick<PlatformFacts, "features">): ReadonlySet<FeatureName> {
  const names = Object.keys(featureSettings) as FeatureName[];
  return new Set(names.filter((name) => features[name] !== undefined));
}
