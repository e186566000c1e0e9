import { bucket } from "../../components/data/demands";
import type { BackupBucket } from "../../components/data/postgres-backups";
import type { PodPriority } from "../../components/kit/chart";
import type {
  Certificates,
  PlatformFeatures,
  PostgresOperator,
  SecretStores,
} from "../../components/platform";
import type { ControllerEnvironment } from "../../components/platform/controller";
import {
  dataSettings,
  type DataSettings,
  type ObjectStoreSettings,
  type PostgresSettings,
} from "../../components/settings/data";
import { platformSettings, type PlatformSettings } from "../../components/settings/platform";

/** What all charts of a test's stack share: nothing is simulated, nothing mirrored, every API is served. */
export const environment: ControllerEnvironment = {
  simulated: false,
  api: { tryCreate: () => Promise.resolve({ status: 201, message: "" }) },
};

/** The settings of a small production stack's platform. */
export function platformOf(
  changes: Readonly<Partial<Record<keyof PlatformSettings, unknown>>> = {},
): PlatformSettings {
  return platformSettings.parse({
    certManager: { replicas: 2 },
    externalSecrets: { replicas: 2 },
    ingressNginx: { replicas: { min: 3, max: 9 } },
    pgo: { replicas: 2 },
    ...changes,
  });
}

/** The settings of a small production stack's data services. */
export function dataOf(
  changes: Readonly<Partial<Record<keyof DataSettings, object>>> = {},
): InClusterData {
  const settings = dataSettings.parse({
    nats: { servers: 3, storage: { kind: "file", size: "10Gi" }, ...changes.nats },
    postgres: {
      kind: "pgo",
      version: 17,
      instances: 3,
      storage: { size: "5Gi" },
      backups: { kind: "volume", size: "8Gi" },
      pgBouncer: { replicas: 2 },
      ...changes.postgres,
    },
    objectStore: {
      kind: "minio",
      servers: 4,
      storage: { size: "20Gi" },
      ...changes.objectStore,
    },
  });
  if (settings.postgres.kind !== "pgo" || settings.objectStore.kind !== "minio") {
    throw new Error("These settings are of services outside the cluster.");
  }
  return { ...settings, postgres: settings.postgres, objectStore: settings.objectStore };
}

/** Data services that the stack runs itself, all of them. */
type InClusterData = DataSettings & {
  readonly postgres: PostgresSettings;
  readonly objectStore: ObjectStoreSettings;
};

/** Certificates and an operator that are there already. */
export const certificates: Certificates = { clusterIssuer: "an-authority", ready: [] };
/** The classes of priority that every stack has. */
const names = { critical: "its-critical", standard: "its-standard", batch: "its-batch" };

/** A platform without any of the parts that a stack may leave out. */
export const features: PlatformFeatures = { priorityClasses: { names, ready: [] } };

/** A platform that knows what CPU and memory pods use, and nothing more: autoscalers go by it. */
export const measured: PlatformFeatures = { ...features, resourceMetrics: { ready: [] } };

/** A platform with all of them. */
export const allFeatures: PlatformFeatures = {
  ...features,
  eventScaling: { ready: [], operator: { namespace: "keda", podLabels: { app: "operator" } } },
  monitoring: {
    ready: [],
    namespace: "monitoring",
    podLabels: { app: "prometheus" },
    labels: { release: "monitoring" },
  },
  customMetrics: { ready: [] },
  resourceMetrics: { ready: [] },
  recommendations: { ready: [] },
  reloader: { ready: [] },
};

/** A class of what services rely on that is there already. */
export const priority: PodPriority = { className: "its-platform", ready: [] };

/** A store that is there already. */
export const secretStores: SecretStores = { ready: [], stores: {} };

export const postgresOperator: PostgresOperator = {
  ready: [],
  namespace: "postgres-operator",
  podLabels: {},
};

/** The bucket of the databases' backups, as the stack's own MinIO hands it over. */
export const bucketInMinio: BackupBucket = {
  connection: {
    demand: bucket("postgres-backups"),
    fields: {
      endpoint: { kind: "plain", value: "https://minio.minio.svc:9000" },
      ca: { kind: "secret", key: "ca.crt" },
      region: { kind: "plain", value: "us-east-1" },
      bucket: { kind: "plain", value: "postgres-backups" },
    },
    secret: { namespace: "minio", name: "minio-user-postgres", keys: [] },
    peers: [],
    ready: [],
  },
  uriStyle: "path",
};
