import { containerSecurityContext, podSecurityContext } from "../kit/hardening";
import { spread, type PlacementSpec } from "../kit/placement";
import { containerResources, type ContainerResources } from "../kit/resources";
import type { ObjectTransform } from "../kit/chart";
import type { NetworkPeer } from "../kit/connection";
import { onContainer, onPodSpec } from "../kit/object-transforms";
import type { ObjectStoreSettings } from "../settings/data";

/** The servers, as their clients and each other reach them. */
export const serverPeer = {
  namespace: "minio",
  podLabels: { app: "minio", release: "minio" },
  ports: [9000],
} as const satisfies NetworkPeer;

export interface MinioValuesArgs {
  /** What the stack says of the object store. */
  readonly settings: ObjectStoreSettings;
  /** The Secret with the keys `rootUser` and `rootPassword`. */
  readonly rootSecret: string;
  /** The Secret of the certificate that the servers show, and that of its authority. */
  readonly certificate: { readonly secret: string; readonly authority: string };
  /** Whether Prometheus asks the servers how they are. */
  readonly isScraped: boolean;
}

/** The values of the chart that we set. */
export interface MinioValues {
  /** @default - clients and servers speak without TLS */
  readonly tls?: {
    readonly enabled: boolean;
    readonly certSecret: string;
    readonly publicCrt: string;
    readonly privateKey: string;
  };
  /** @default - no authority but the usual ones is trusted */
  readonly trustedCertsSecret?: string;
  readonly fullnameOverride: string;
  readonly image: { readonly repository: string; readonly tag: string };
  readonly mode: "standalone" | "distributed";
  readonly replicas: number;
  readonly drivesPerNode: number;
  readonly pools: number;
  readonly existingSecret: string;
  readonly ignoreChartChecksums: boolean;
  readonly deploymentUpdate: { readonly type: "Recreate" };
  readonly certsPath: string;
  readonly extraVolumes: readonly {
    readonly name: string;
    readonly emptyDir: { readonly sizeLimit: string };
  }[];
  readonly extraVolumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  readonly persistence: {
    readonly enabled: boolean;
    readonly size: string;
    /** @default - the cluster's default StorageClass */
    readonly storageClass?: string;
  };
  readonly resources: ContainerResources;
  readonly securityContext: { readonly enabled: boolean } & ReturnType<typeof podSecurityContext>;
  readonly containerSecurityContext: ReturnType<typeof containerSecurityContext>;
  readonly topologySpreadConstraints: PlacementSpec["topologySpreadConstraints"];
  readonly podDisruptionBudget: { readonly enabled: boolean; readonly maxUnavailable: number };
  readonly serviceAccount: { readonly create: boolean; readonly name: string };
  readonly environment: Readonly<Record<string, string>>;
  readonly users: readonly never[];
  readonly policies: readonly never[];
  readonly buckets: readonly never[];
  readonly metrics: {
    readonly serviceMonitor: { readonly enabled: boolean; readonly public: boolean };
  };
  readonly networkPolicy: { readonly enabled: boolean };
}

/** The values of the MinIO chart. */
export function minioValues({
  settings,
  rootSecret,
  certificate,
  isScraped,
}: MinioValuesArgs): MinioValues {
  const distributed = settings.servers > 1;
  return {
    fullnameOverride: "minio",
    // The last image that was published: the project is archived.
    image: { repository: "quay.io/minio/minio", tag: "RELEASE.2025-09-07T16-13-09Z" },
    mode: distributed ? "distributed" : "standalone",
    replicas: settings.servers,
    drivesPerNode: settings.drivesPerServer,
    pools: 1,
    existingSecret: rootSecret,
    // Without the cluster at hand the chart's checksums change on every render and restart the pods.
    ignoreChartChecksums: true,
    ...(settings.tls && {
      tls: {
        enabled: true,
        certSecret: certificate.secret,
        publicCrt: "tls.crt",
        privateKey: "tls.key",
      },
      // Servers are clients of each other.
      trustedCertsSecret: certificate.authority,
    }),
    // A new pod cannot have the volume while the old one holds it.
    deploymentUpdate: { type: "Recreate" },
    // The server makes folders for certificates even when it has none, and its root is read-only.
    certsPath: "/tmp/certs/",
    extraVolumes: [{ name: "tmp", emptyDir: { sizeLimit: "64Mi" } }],
    extraVolumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
    persistence: {
      enabled: true,
      size: settings.storage.size,
      ...(settings.storage.storageClass === undefined
        ? {}
        : { storageClass: settings.storage.storageClass }),
    },
    resources: containerResources({ typical: settings.resources }),
    securityContext: { enabled: true, ...podSecurityContext(1000) },
    containerSecurityContext: containerSecurityContext(),
    topologySpreadConstraints: spread(serverPeer.podLabels).topologySpreadConstraints,
    podDisruptionBudget: { enabled: distributed, maxUnavailable: 1 },
    serviceAccount: { create: true, name: "minio" },
    environment: {
      MINIO_BROWSER: "off",
      // What is told is how the servers are; the network policy says who may ask.
      ...(isScraped && { MINIO_PROMETHEUS_AUTH_TYPE: "public" }),
    },
    // The chart's default is a user "console" with a public password and all rights. Our own Job makes
    // users, policies and buckets.
    users: [],
    policies: [],
    buckets: [],
    metrics: { serviceMonitor: { enabled: false, public: false } },
    // The chart's own policy shuts out the servers' peers.
    networkPolicy: { enabled: false },
  };
}

/**
 * What the chart has no value for: the probes, and a pod without a token of the API server.
 *
 * A server of a distributed store starts when it has found the others, so the startup probe waits
 * five minutes.
 * @see https://github.com/minio/minio/blob/master/docs/metrics/healthcheck/README.md
 */
export function minioTransforms(
  settings: Pick<ObjectStoreSettings, "servers" | "tls">,
): readonly ObjectTransform[] {
  const workload = {
    kind: settings.servers > 1 ? "StatefulSet" : "Deployment",
    name: "minio",
  } as const;
  const health = (question: "live" | "ready"): HealthProbe => ({
    httpGet: {
      path: `/minio/health/${question}`,
      port: serverPeer.ports[0],
      ...(settings.tls && { scheme: "HTTPS" as const }),
    },
    timeoutSeconds: 4,
  });
  return [
    onPodSpec(workload, { automountServiceAccountToken: false, enableServiceLinks: false }),
    onContainer(
      { ...workload, container: "minio" },
      {
        startupProbe: { ...health("live"), periodSeconds: 5, failureThreshold: 60 },
        livenessProbe: { ...health("live"), periodSeconds: 20, failureThreshold: 5 },
        readinessProbe: { ...health("ready"), periodSeconds: 10, failureThreshold: 3 },
      },
    ),
  ];
}

interface HealthProbe {
  readonly httpGet: {
    readonly path: string;
    readonly port: number;
    /** @default - without TLS */
    readonly scheme?: "HTTPS";
  };
  readonly timeoutSeconds: number;
}
