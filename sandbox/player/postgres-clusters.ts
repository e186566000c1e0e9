import { isDeepStrictEqual } from "node:util";
import type { Action } from "./action";
import { sameConditions, withTransitionTimes } from "./conditions";
import { type Condition, type KubernetesObject, keyOf } from "./objects";
import { runningOperator } from "./operators";
import { userSecretActions } from "./postgres-users";
import { requestedFailure } from "./requested-failure";
import type { World } from "./world";

const finalizer = "postgres-operator.crunchydata.com/finalizer";

/** A PostgresCluster, as far as it is played. */
export interface PostgresCluster extends KubernetesObject {
  /** What is wanted. */
  readonly spec: {
    readonly instances?: readonly { readonly name?: string; readonly replicas?: number }[];
    readonly postgresVersion?: number;
    readonly port?: number;
    readonly shutdown?: boolean;
    readonly users?: readonly PostgresUser[];
    readonly backups?: {
      readonly pgbackrest?: {
        readonly repos?: readonly { readonly name: string; readonly volume?: unknown }[];
        readonly configuration?: readonly ProjectedSecret[];
      };
    };
    readonly proxy?: {
      readonly pgBouncer?: { readonly replicas?: number; readonly port?: number };
    };
  };
  /** What was reported. */
  readonly status?: PostgresStatus;
}

/** A Secret that is mounted into every pod that runs pgBackRest. */
interface ProjectedSecret {
  readonly secret?: {
    readonly name: string;
    readonly items?: readonly { readonly key: string }[];
  };
}

/** A user of a PostgresCluster. */
export interface PostgresUser {
  /** The user's name. */
  readonly name: string;
  /** The databases the user owns; the Secret speaks of the first. @default - none */
  readonly databases?: readonly string[];
  /** Which characters the password has. */
  readonly password?: { readonly type?: "AlphaNumeric" | "ASCII" };
}

interface PostgresStatus {
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
  readonly [field: string]: unknown;
}

/**
 * Does what PGO does for its custom resource, short of running Postgres: the finalizer, the status, the Secrets of the
 * users. Nothing happens, the finalizer's removal included, while no operator runs.
 */
export function playPostgresClusters(world: World, now: string): readonly Action[] {
  if (runningOperator(world, "postgres") === undefined) {
    return [];
  }
  return world
    .list<PostgresCluster>("PostgresCluster")
    .flatMap((cluster) => playCluster(cluster, world, now));
}

function playCluster(cluster: PostgresCluster, world: World, now: string): readonly Action[] {
  const { metadata, status } = cluster;
  const finalizers = metadata.finalizers ?? [];
  const held = finalizers.includes(finalizer);
  if (metadata.deletionTimestamp !== undefined) {
    return held
      ? [
          keepFinalizers(
            cluster,
            finalizers.filter((name) => name !== finalizer),
          ),
        ]
      : [];
  }
  if (!held) {
    return [keepFinalizers(cluster, [...finalizers, finalizer])];
  }
  const next = statusOf(cluster, unmounted(cluster, world));
  const { conditions: wanted, ...rest } = next;
  const current =
    Object.entries(rest).every(([field, value]) => isDeepStrictEqual(status?.[field], value)) &&
    sameConditions(wanted, status?.conditions);
  const conditions = withTransitionTimes(wanted, status?.conditions, now);
  return [
    ...userSecretActions(cluster, world),
    ...(current
      ? []
      : [{ do: "mergeStatus", object: cluster, fields: { ...next, conditions } } as const]),
  ];
}

/** The version in the patch makes it fail, and be tried again, when somebody else has changed the list. */
function keepFinalizers(object: PostgresCluster, finalizers: readonly string[]): Action {
  const { resourceVersion } = object.metadata;
  return { do: "merge", object, fields: { metadata: { resourceVersion, finalizers } } };
}

/** Why no pod starts: the kubelet waits for each Secret, and each of its keys, that a pod mounts. */
function unmounted({ metadata, spec }: PostgresCluster, world: World): string | undefined {
  const files = (spec.backups?.pgbackrest?.configuration ?? []).flatMap(({ secret }) =>
    secret === undefined ? [] : [secret],
  );
  const missing = files.find(({ name, items = [] }) => {
    const secret = world.secret(metadata.namespace ?? "", name);
    return secret === undefined || items.some(({ key }) => secret.data?.[key] === undefined);
  });
  return missing === undefined ? undefined : "FailedMount";
}

/** The status that PGO reports once everything runs; nothing is ready in a cluster that is shut down or has to fail. */
export function statusOf(
  cluster: PostgresCluster,
  trouble?: string,
): PostgresStatus & { readonly conditions: readonly Omit<Condition, "lastTransitionTime">[] } {
  const { spec, metadata } = cluster;
  const failure = requestedFailure(cluster) ?? trouble;
  const up = failure === undefined && spec.shutdown !== true;
  const ready = (replicas: number): number => (up ? replicas : 0);
  const poolers = spec.proxy?.pgBouncer?.replicas ?? 1;
  const repos = spec.backups?.pgbackrest?.repos ?? [];
  const firstSet = spec.instances?.[0]?.name ?? "00";
  return {
    observedGeneration: metadata.generation,
    conditions: conditionsOf(cluster, up, failure),
    postgresVersion: spec.postgresVersion,
    startupInstance: `${metadata.name}-${firstSet}-0000`,
    startupInstanceSet: firstSet,
    // PGO names the sets that have no name by their position.
    instances: (spec.instances ?? []).map(({ name, replicas = 1 }, position) => ({
      name: name ?? String(position).padStart(2, "0"),
      replicas,
      readyReplicas: ready(replicas),
      updatedReplicas: replicas,
    })),
    patroni: { systemIdentifier: systemIdentifier(cluster) },
    pgbackrest: {
      ...(onVolume(cluster) && {
        repoHost: { apiVersion: "apps/v1", kind: "StatefulSet", ready: up },
      }),
      repos: repos.map(({ name, volume }) => ({
        name,
        ...(volume === undefined
          ? {}
          : { bound: true, volume: `pvc-${metadata.uid ?? ""}-${name}` }),
        stanzaCreated: up,
        replicaCreateBackupComplete: up,
      })),
    },
    proxy: {
      pgBouncer:
        spec.proxy?.pgBouncer === undefined
          ? {}
          : { replicas: poolers, readyReplicas: ready(poolers) },
    },
  };
}

/** Only a repository on a volume has a host. */
function onVolume({ spec }: PostgresCluster): boolean {
  return (spec.backups?.pgbackrest?.repos ?? []).some(({ volume }) => volume !== undefined);
}

/** The condition types of PGO, each with the reason that goes with a running cluster. */
function conditionsOf(
  cluster: PostgresCluster,
  up: boolean,
  failure: string | undefined,
): readonly Omit<Condition, "lastTransitionTime">[] {
  const { spec, metadata } = cluster;
  const why = failure ?? "Shutdown";
  const condition = (type: string, reason: string, message: string) =>
    ({
      type,
      status: up ? "True" : "False",
      reason: up ? reason : why,
      message: up ? message : "simulated",
      observedGeneration: metadata.generation,
    }) as const;
  return [
    ...(onVolume(cluster)
      ? [
          condition(
            "PGBackRestRepoHostReady",
            "RepoHostReady",
            "pgBackRest dedicated repository host is ready",
          ),
        ]
      : []),
    condition(
      "PGBackRestReplicaRepoReady",
      "StanzaCreated",
      "pgBackRest replica create repo is ready for backups",
    ),
    condition(
      "PGBackRestReplicaCreate",
      "RepoBackupComplete",
      "pgBackRest replica creation is now possible",
    ),
    ...(spec.proxy?.pgBouncer === undefined
      ? []
      : [
          condition(
            "ProxyAvailable",
            "MinimumReplicasAvailable",
            "Deployment has minimum availability.",
          ),
        ]),
  ];
}

/** A number such as initdb draws; it stays the same for the life of the resource. */
function systemIdentifier(cluster: PostgresCluster): string {
  const hex = (cluster.metadata.uid ?? keyOf(cluster)).replaceAll(/[^0-9a-f]/g, "").slice(0, 15);
  return BigInt(`0x${hex.padEnd(1, "0")}`).toString();
}
