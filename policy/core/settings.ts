/** One configurable number or list that rules read. */
interface SettingDefinition<Value> {
  readonly default: Value;
  /** One sentence, with the unit. */
  readonly description: string;
  /**
   * Lowest value of a number.
   * @default 0
   */
  readonly minimum?: number;
}

const numbers = {
  minReplicas: {
    default: 2,
    minimum: 1,
    description: "Replicas a Deployment or StatefulSet must have.",
  },
  minAutoscalerReplicas: {
    default: 2,
    minimum: 1,
    description: "Floor a HorizontalPodAutoscaler must keep.",
  },
  memoryLimitRatio: {
    default: 3,
    minimum: 1,
    description: "Largest memory limit as a multiple of the request.",
  },
  highId: {
    default: 10_000,
    description: "Lowest user and group id that the high-id rules accept.",
  },
  startupSeconds: { default: 30, description: "Seconds a container may need to boot." },
  livenessFailureThreshold: {
    default: 3,
    minimum: 1,
    description: "Least failureThreshold of a liveness probe.",
  },
  drainSeconds: {
    default: 5,
    description:
      "Seconds that must remain between the preStop hook and the end of the grace period.",
  },
  servicePortFrom: { default: 1, minimum: 1, description: "Lowest port a Service may offer." },
  servicePortTo: { default: 65_535, minimum: 1, description: "Highest port a Service may offer." },
  cpuBudget: {
    default: 0,
    description: "Cores a workload may request over all its replicas; 0 for no budget.",
  },
  memoryBudget: {
    default: 0,
    description: "GiB of memory a workload may request over all its replicas; 0 for no budget.",
  },
  maxContainers: { default: 4, minimum: 1, description: "Most containers a pod may have." },
} as const satisfies Record<string, SettingDefinition<number>>;

const texts = {
  podSecurityVersion: {
    default: "latest",
    description: "Version of the Pod Security Standards, `v1.31` or `latest`.",
  },
  podSecurityLevel: {
    default: "restricted",
    description:
      "Level of the Pod Security Standards, `restricted` or `baseline`; only procMount differs.",
  },
  kubernetesVersion: {
    default: "1.34",
    description: "Version of the target cluster, for removed API versions.",
  },
} as const satisfies Record<string, SettingDefinition<string>>;

const lists = {
  allowedRegistries: {
    default: [],
    description: "Registries or registry/path prefixes images may come from; empty allows all.",
  },
  privateRegistries: {
    default: [],
    description:
      "Registries whose images need imagePullSecrets; empty for all but the large open ones (ghcr.io, quay.io, registry.k8s.io and their like).",
  },
  allowedHostPaths: {
    default: ["/data"],
    description: "Directories of the node that volumes may lie in; empty allows none.",
  },
  allowedPriorityClasses: {
    default: ["system-cluster-critical", "system-node-critical"],
    description: "Priority classes that pods may name.",
  },
  allowedIngressClasses: {
    default: ["nginx", "HAProxy"],
    description: "Ingress classes that may be used.",
  },
  requiredLabels: {
    default: ["app.kubernetes.io/name"],
    description: "Labels every workload and Service carries.",
  },
  requiredAnnotations: { default: [], description: "Annotations every workload carries." },
  forbiddenEnvironment: {
    default: ["DISABLE_OPA=true"],
    description: "Environment variables, `NAME` or `NAME=value`, that no container may set.",
  },
  systemNamespaces: {
    default: ["default", "kube-system", "kube-public", "kube-node-lease"],
    description: "Namespaces that the cluster itself owns.",
  },
  productionNames: {
    default: ["production", "prod"],
    description: "Names of stacks and environments that serve customers.",
  },
  dataImages: {
    default: [
      "postgres",
      "postgresql",
      "timescaledb",
      "mysql",
      "mariadb",
      "percona",
      "mongo",
      "mongodb",
      "redis",
      "valkey",
      "kafka",
      "zookeeper",
      "rabbitmq",
      "nats",
      "minio",
      "elasticsearch",
      "opensearch",
      "cassandra",
      "scylla",
      "cockroach",
      "clickhouse",
      "influxdb",
      "etcd",
      "vault",
      "consul",
      "prometheus",
      "loki",
    ],
    description: "Last part of the images that keep data on disk.",
  },
  mutableTags: {
    default: [
      "stable",
      "main",
      "master",
      "dev",
      "develop",
      "edge",
      "nightly",
      "release",
      "canary",
      "head",
      "prod",
      "production",
      "staging",
    ],
    description: "Image tags that move.",
  },
} as const satisfies Record<string, SettingDefinition<readonly string[]>>;

/** Every setting, by the type of its value. */
export const SETTINGS = { numbers, texts, lists } as const;

/** Limits, ratios and lists that rules read. */
export type Settings = { readonly [Name in keyof typeof numbers]: number } & {
  readonly [Name in keyof typeof texts]: string;
} & { readonly [Name in keyof typeof lists]: readonly string[] };

export const DEFAULT_SETTINGS: Settings = Object.freeze(
  Object.fromEntries(
    Object.entries({ ...numbers, ...texts, ...lists }).map(([name, definition]) => [
      name,
      definition.default,
    ]),
  ) as unknown as Settings,
);
