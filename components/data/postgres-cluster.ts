import { parseQuantity, type Quantity } from "../kit/quantity";
import { spread, type PlacementSpec } from "../kit/placement";
import { containerResources, type ContainerResources } from "../kit/resources";
import type { PostgresSettings } from "../settings/data";
import { poolerLimits } from "./connection-limits";
import {
  bucketSource,
  identityMetadata,
  repositoryName,
  repositorySpec,
  type BackupBucket,
  type BucketSourceSpec,
  type RepositorySpec,
} from "./postgres-backups";
import { volumeClaim, type ClaimSpec } from "./postgres-claim";

/** The name of the PostgresCluster; its Services and Secrets start with it. */
export const clusterName = "db";

const instanceSet = "instance";
const labelPrefix = "postgres-operator.crunchydata.com";

/** The labels of every pod that the operator makes for the cluster. */
export const clusterLabels = { [`${labelPrefix}/cluster`]: clusterName };

/** The labels of the pods that hold the databases. */
export const instanceLabels = { ...clusterLabels, [`${labelPrefix}/data`]: "postgres" };

/** The labels of the connection pooler's pods. */
export const poolerLabels = { ...clusterLabels, [`${labelPrefix}/role`]: "pgbouncer" };

/** The port of Postgres and of the pooler, of Patroni's API, and of pgBackRest's server. */
export const postgresPort = 5432;
export const patroniPort = 8008;
export const backrestPort = 8432;

/** The port on which the exporter beside each instance tells its metrics, and its name. */
export const exporterPort = { number: 9187, name: "exporter" } as const;

/** A user of the cluster, who owns a schema in one database. */
export interface PostgresUser {
  /** The user's name. */
  readonly name: string;
  /** The database the user may use; it is made when it does not exist. */
  readonly database: string;
}

interface InClass {
  /** @default - the pods have none */
  readonly priorityClassName?: string;
}

interface WithResources {
  readonly resources: ContainerResources;
}

/** Which backup is restored, and how far. */
interface RestoreSource {
  readonly repoName: string;
  readonly options: readonly string[];
}

type SpreadConstraints = PlacementSpec["topologySpreadConstraints"];

/** The part of a PostgresCluster that we set; v1beta1 is served by every operator from 5.8 on. */
export interface PostgresClusterSpec {
  /** @default - nothing is added to what the operator makes */
  readonly metadata?: { readonly annotations: Readonly<Record<string, string>> };
  readonly postgresVersion: number;
  /** @default - the cluster starts empty */
  readonly dataSource?:
    | {
        readonly postgresCluster: WithResources &
          RestoreSource & { readonly clusterName: string; readonly clusterNamespace: string };
      }
    | {
        readonly pgbackrest: WithResources & BucketSourceSpec & Pick<RestoreSource, "options">;
      };
  readonly instances: readonly (InClass &
    WithResources & {
      readonly name: string;
      readonly replicas: number;
      readonly minAvailable: number;
      readonly dataVolumeClaimSpec: ClaimSpec;
      readonly sidecars: { readonly replicaCertCopy: WithResources };
      readonly topologySpreadConstraints: SpreadConstraints;
    })[];
  readonly patroni: {
    readonly dynamicConfiguration: {
      readonly synchronous_mode: boolean;
      readonly postgresql: { readonly parameters: PostgresSettings["parameters"] };
    };
  };
  readonly users: readonly {
    readonly name: string;
    readonly databases: readonly string[];
    readonly options: "NOSUPERUSER";
    readonly password: { readonly type: "AlphaNumeric" };
  }[];
  readonly backups: {
    readonly pgbackrest: RepositorySpec & {
      readonly repoHost: InClass & WithResources;
      readonly jobs: WithResources & { readonly ttlSecondsAfterFinished: number };
      readonly manual: RestoreSource;
      /** @default - nothing is restored */
      readonly restore?: WithResources & RestoreSource & { readonly enabled: true };
      readonly sidecars: {
        readonly pgbackrest: WithResources;
        readonly pgbackrestConfig: WithResources;
      };
    };
  };
  /** @default - there is no exporter */
  readonly monitoring?: { readonly pgmonitor: { readonly exporter: WithResources } };
  readonly proxy: {
    readonly pgBouncer: InClass &
      WithResources & {
        readonly replicas: number;
        readonly minAvailable: number;
        readonly config: { readonly global: Readonly<Record<string, string>> };
        readonly sidecars: { readonly pgbouncerConfig: WithResources };
        readonly topologySpreadConstraints: SpreadConstraints;
      };
  };
}

/** What else of the stack the cluster's spec depends on. */
export interface ClusterSurroundings {
  /**
   * Whether something scrapes the instances.
   * @default false
   */
  readonly isScraped?: boolean;
  /**
   * The bucket of the backups, where they are in one.
   * @default - they are on a volume
   */
  readonly bucket?: BackupBucket;
  /**
   * The PriorityClass of the pods that run all the time.
   * @default - they have none
   */
  readonly priorityClassName?: string;
}

/** The spec of the PostgresCluster. */
export function postgresClusterSpec(
  settings: PostgresSettings,
  users: readonly PostgresUser[],
  { isScraped = false, bucket, priorityClassName }: ClusterSurroundings = {},
): PostgresClusterSpec {
  const { backups, restore, dataSource } = settings;
  const inClass: InClass = { ...(priorityClassName && { priorityClassName }) };
  const metadata = identityMetadata(bucket?.connection.identity);
  return {
    ...(metadata && { metadata }),
    postgresVersion: settings.version,
    ...(dataSource && { dataSource: startFrom(dataSource, bucket) }),
    instances: [
      {
        ...inClass,
        name: instanceSet,
        replicas: settings.instances,
        minAvailable: settings.instances - 1,
        resources: containerResources({ typical: settings.resources }),
        dataVolumeClaimSpec: volumeClaim(settings.storage),
        sidecars: { replicaCertCopy: tiny },
        topologySpreadConstraints: spread({
          ...clusterLabels,
          [`${labelPrefix}/instance-set`]: instanceSet,
        }).topologySpreadConstraints,
      },
    ],
    patroni: {
      dynamicConfiguration: {
        synchronous_mode: settings.synchronous,
        postgresql: {
          parameters: {
            shared_buffers: sharedBuffers(settings.resources.memory),
            ...settings.parameters,
          },
        },
      },
    },
    users: users.map(({ name, database }) => ({
      name,
      databases: [database],
      options: "NOSUPERUSER",
      // Needs no escaping in a URL.
      password: { type: "AlphaNumeric" },
    })),
    backups: {
      pgbackrest: {
        ...repositorySpec(backups, bucket),
        repoHost: { ...inClass, ...small },
        jobs: { ...small, ttlSecondsAfterFinished: 86_400 },
        manual: { repoName: repositoryName, options: ["--type=full"] },
        ...(restore && { restore: { enabled: true, ...restoreSource(restore.to), ...small } }),
        sidecars: { pgbackrest: small, pgbackrestConfig: tiny },
      },
    },
    ...(isScraped && { monitoring: { pgmonitor: { exporter: small } } }),
    proxy: {
      pgBouncer: {
        ...inClass,
        replicas: settings.pgBouncer.replicas,
        minAvailable: settings.pgBouncer.replicas - 1,
        config: { global: poolerConfig },
        resources: containerResources({ typical: { cpu: "100m", memory: "64Mi" } }),
        sidecars: { pgbouncerConfig: tiny },
        topologySpreadConstraints: spread(poolerLabels).topologySpreadConstraints,
      },
    },
  };
}

function startFrom(
  source: NonNullable<PostgresSettings["dataSource"]>,
  bucket: BackupBucket | undefined,
): PostgresClusterSpec["dataSource"] {
  const { repoName, options } = restoreSource(source.to);
  return source.kind === "objectStore"
    ? { pgbackrest: { ...bucketSource(source, bucket), options, ...small } }
    : {
        postgresCluster: {
          clusterName: source.cluster,
          clusterNamespace: source.namespace,
          repoName,
          options,
          ...small,
        },
      };
}

/**
 * How far pgBackRest replays the transaction log.
 * @see https://pgbackrest.org/command.html#command-restore
 */
function restoreSource(to: NonNullable<PostgresSettings["restore"]>["to"]): RestoreSource {
  return {
    repoName: repositoryName,
    options: to === "latest" ? [] : ["--type=time", `--target="${to}"`],
  };
}

/**
 * What the operator reads beside the spec: a restore is done once for each value of its annotation.
 * @see https://access.crunchydata.com/documentation/postgres-operator/latest/tutorials/backups-disaster-recovery/disaster-recovery
 */
export function clusterAnnotations(
  settings: Pick<PostgresSettings, "restore">,
): Readonly<Record<string, string>> {
  return {
    // Since Postgres 15 nobody may create tables in the schema "public" of someone else's database; with
    // this each user has a schema of its own.
    [`${labelPrefix}/autoCreateUserSchema`]: "true",
    ...(settings.restore && { [`${labelPrefix}/pgbackrest-restore`]: settings.restore.id }),
  };
}

/**
 * A server connection is lent for one transaction, so that many clients share few of them. Whatever
 * needs a session of its own connects directly.
 * @see https://www.pgbouncer.org/config.html
 */
const poolerConfig = {
  pool_mode: "transaction",
  max_client_conn: String(poolerLimits.clients),
  default_pool_size: String(poolerLimits.poolSize),
} as const;

/** A sidecar that copies a certificate or watches a file. */
const tiny: WithResources = {
  resources: containerResources({ typical: { cpu: "10m", memory: "32Mi" } }),
};

/** A process of pgBackRest. */
const small: WithResources = {
  resources: containerResources({
    typical: { cpu: "50m", memory: "128Mi" },
    peak: { cpu: "1", memory: "384Mi" },
  }),
};

/**
 * A quarter of the memory, as the manual advises.
 * @see https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-SHARED-BUFFERS
 */
export function sharedBuffers(memory: Quantity): string {
  return `${String(Math.floor(parseQuantity(memory) / 4 / 2 ** 20))}MB`;
}

/**
 * What the provider waits for: all instances and all poolers are ready, and the first backup is taken. The
 * operator reports no such condition, only these.
 */
export function readinessOf(
  settings: Pick<PostgresSettings, "instances" | "pgBouncer">,
): readonly string[] {
  return [
    `jsonpath={.status.instances[0].readyReplicas}=${String(settings.instances)}`,
    `jsonpath={.status.proxy.pgBouncer.readyReplicas}=${String(settings.pgBouncer.replicas)}`,
    "jsonpath={.status.pgbackrest.repos[0].replicaCreateBackupComplete}=true",
  ];
}
