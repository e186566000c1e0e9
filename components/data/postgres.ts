import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { addressBlocks } from "../kit/addresses";
import { identityPorts } from "../kit/cloud-identity";
import type { PodPriority } from "../kit/chart";
import { Component } from "../kit/component";
import type { Connection, NetworkPeer } from "../kit/connection";
import { Namespace } from "../kit/namespace";
import {
  apiServerPorts,
  from,
  networkPolicy,
  to,
  toAnywhere,
  toBlocks,
  type EgressRule,
} from "../kit/network-policy";
import { retained, type Retention } from "../kit/retention";
import type { Monitoring, PostgresOperator, SecretStores } from "../platform";
import type { PostgresSettings } from "../settings/data";
import { CarriedSecret } from "./carried-secret";
import type { DatabaseDemand } from "./demands";
import {
  bucketSecret,
  keysTemplate,
  postgresNamespace as namespaceName,
  type BackupBucket,
} from "./postgres-backups";
import {
  backrestPort,
  clusterAnnotations,
  clusterLabels,
  clusterName,
  exporterPort,
  instanceLabels,
  patroniPort,
  poolerLabels,
  postgresClusterSpec,
  postgresPort,
  readinessOf,
} from "./postgres-cluster";
import { postgresUser, postgresUsers } from "./postgres-users";
import { createDatabaseWipes } from "./postgres-wipe";
import { wipeLabels } from "./preview-wipe";
import { grantAccess, type SecretAccess } from "./secret-access";
import { bySlot, residents, type Answers, type Tenant } from "./tenants";

export interface PostgresArgs {
  /** What the stack says of Postgres. */
  readonly settings: PostgresSettings;
  /** The applications that demand databases. */
  readonly tenants: readonly Tenant<DatabaseDemand>[];
  /** What runs the cluster. */
  readonly operator: PostgresOperator;
  /** What carries the keys of the backups' bucket. */
  readonly secretStores: SecretStores;
  /**
   * The bucket of the backups.
   * @default - they are on a volume
   */
  readonly bucket?: BackupBucket;
  /**
   * What scrapes the instances.
   * @default - they have no exporter
   */
  readonly monitoring?: Monitoring;
  /**
   * How much the cluster's pods matter when nodes are full.
   * @default - no more than any other
   */
  readonly priority?: PodPriority;
  /** What becomes of the cluster, its volumes and its backups on a destroy. */
  readonly retention: Retention;
}

/**
 * Postgres, run by the Crunchy operator as the PostgresCluster `db`: instances with a connection
 * pooler in front and backups on a volume or in a bucket, and a user for each database an application
 * demands.
 *
 * The operator makes a Secret for each user; applications refer to its keys.
 */
export class Postgres extends Component implements Answers<DatabaseDemand> {
  private readonly ready: readonly pulumi.Resource[];
  private readonly access: ReadonlyMap<string, SecretAccess>;

  constructor(name: string, args: PostgresArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("data", "Postgres", name, opts);
    const { settings, tenants, bucket, retention } = args;

    const namespace = new Namespace(
      `${name}-namespace`,
      { name: namespaceName, podSecurity: "restricted", retain: retention === "keep" },
      { parent: this },
    );
    const inNamespace = { parent: this, dependsOn: [namespace] };
    allowTraffic();
    this.access = grantAccess(name, namespaceName, tenants, userSecrets, inNamespace);
    const bucketReady = carryKeys();
    const cluster = createCluster();
    createMonitor();
    createDatabaseWipes(
      name,
      {
        tenants,
        namespace: namespaceName,
        secretOf,
        tls: "require",
        egress: [to(peer(instanceLabels))],
      },
      { parent: this, dependsOn: [namespace, cluster] },
    );

    this.ready = [cluster];
    this.registerOutputs({});

    /**
     * The cluster's pods talk among themselves, and to the API server, which is where Patroni keeps
     * who the primary is and where backup Jobs start their commands; instances and backup Jobs write to
     * the bucket, where there is one. Applications reach the pooler and, for sessions of their own, the
     * instances.
     */
    function allowTraffic(): void {
      const clusterPorts = [postgresPort, patroniPort, backrestPort];
      const members = { namespace: namespaceName, podLabels: clusterLabels, ports: clusterPorts };
      new kubernetes.networking.v1.NetworkPolicy(
        `${name}-allow-cluster`,
        {
          metadata: { name: "allow-cluster", namespace: namespaceName },
          spec: networkPolicy({
            pods: clusterLabels,
            ingress: [from(members, clusterPorts)],
            egress: [to(members), toAnywhere(apiServerPorts), ...bucketEgress(bucket?.connection)],
          }),
        },
        inNamespace,
      );
      const clients = residents(tenants).map((tenant) =>
        from({ namespace: tenant.namespace, podLabels: {} }, [postgresPort]),
      );
      const wipes = bySlot(tenants).map(([slot]) =>
        from({ namespace: namespaceName, podLabels: wipeLabels(slot) }, [postgresPort]),
      );
      for (const [target, pods, ingress] of [
        ["pooler", poolerLabels, clients],
        ["instances", instanceLabels, [...clients, ...wipes]],
      ] as const) {
        new kubernetes.networking.v1.NetworkPolicy(
          `${name}-allow-${target}`,
          {
            metadata: { name: `allow-${target}`, namespace: namespaceName },
            spec: networkPolicy({ pods, ingress }),
          },
          inNamespace,
        );
      }
    }

    /** Carries the keys to where pgBackRest runs, and says what has to be there before the first backup. */
    function carryKeys(): readonly pulumi.Resource[] {
      const { secret, ready = [] } = bucket?.connection ?? {};
      if (secret === undefined || !("namespace" in secret)) {
        return ready;
      }
      const carried = new CarriedSecret(
        `${name}-bucket`,
        {
          name: bucketSecret,
          namespace: namespaceName,
          remote: secret,
          after: [...args.secretStores.ready, ...ready],
          template: keysTemplate,
        },
        inNamespace,
      );
      return [...ready, ...carried.ready];
    }

    /** The operator makes no monitor itself. */
    function createMonitor(): void {
      if (args.monitoring !== undefined) {
        new kubernetes.apiextensions.CustomResource(
          `${name}-monitor`,
          podMonitor(args.monitoring.labels),
          { ...inNamespace, dependsOn: [namespace, ...args.monitoring.ready] },
        );
        new kubernetes.networking.v1.NetworkPolicy(
          `${name}-allow-exporter`,
          {
            metadata: { name: "allow-exporter", namespace: namespaceName },
            spec: networkPolicy({
              pods: instanceLabels,
              ingress: [from(args.monitoring, [exporterPort.number])],
            }),
          },
          inNamespace,
        );
      }
    }

    function createCluster(): pulumi.Resource {
      return new kubernetes.apiextensions.CustomResource(
        `${name}-cluster`,
        {
          apiVersion: "postgres-operator.crunchydata.com/v1beta1",
          kind: "PostgresCluster",
          metadata: {
            name: clusterName,
            namespace: namespaceName,
            annotations: {
              ...clusterAnnotations(settings),
              "pulumi.com/waitFor": JSON.stringify(readinessOf(settings)),
            },
          },
          spec: postgresClusterSpec(settings, tenants.flatMap(postgresUsers), {
            isScraped: args.monitoring !== undefined,
            bucket,
            priorityClassName: args.priority?.className,
          }),
        },
        {
          ...inNamespace,
          dependsOn: [
            namespace,
            ...args.operator.ready,
            ...bucketReady,
            ...(args.priority?.ready ?? []),
          ],
          ...retained(retention),
          // Volumes are bound, the primary starts, each replica copies it: minutes on a fresh cluster.
          customTimeouts: { create: "20m", update: "30m", delete: "10m" },
        },
      );
    }
  }

  /** How an application uses a database: through the pooler, and directly where it needs a session. */
  connect(application: string, demand: DatabaseDemand): Connection {
    return {
      demand,
      fields: Object.fromEntries(
        Object.entries(secretKeys).map(([field, key]) => [field, { kind: "secret", key }] as const),
      ),
      secret: {
        namespace: namespaceName,
        name: secretOf(postgresUser(application, demand.database)),
        keys: Object.values(secretKeys),
      },
      peers: [peer(poolerLabels), peer(instanceLabels)],
      ready: [...this.ready, ...(this.access.get(application)?.ready ?? [])],
    };
  }
}

/**
 * The keys of a user's Secret by the fields of a connection.
 * @see https://access.crunchydata.com/documentation/postgres-operator/latest/architecture/user-management
 */
const secretKeys = {
  url: "pgbouncer-uri",
  host: "pgbouncer-host",
  port: "pgbouncer-port",
  user: "user",
  password: "password",
  name: "dbname",
  directUrl: "uri",
} as const;

/** The ways to the bucket of the backups, and to the cloud that says who may write to it. */
function bucketEgress(connection: Connection | undefined): readonly EgressRule[] {
  const { peers = [], outside, identity } = connection ?? {};
  return [
    ...peers.map(to),
    ...(outside ? [toBlocks(addressBlocks(outside.addresses), outside.ports)] : []),
    ...(identity ? [toAnywhere(identityPorts(identity))] : []),
  ];
}

/** Scrapes the exporter beside each instance. */
export function podMonitor(
  labels: Readonly<Record<string, string>>,
): kubernetes.apiextensions.CustomResourceArgs {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PodMonitor",
    metadata: { name: "postgres", namespace: namespaceName, labels: { ...labels } },
    spec: {
      selector: { matchLabels: instanceLabels },
      podMetricsEndpoints: [{ port: exporterPort.name }],
    },
  };
}

function peer(podLabels: Readonly<Record<string, string>>): NetworkPeer {
  return { namespace: namespaceName, podLabels, ports: [postgresPort] };
}

function userSecrets(tenant: Tenant<DatabaseDemand>): readonly string[] {
  return postgresUsers(tenant).map(({ name }) => secretOf(name));
}

/** The Secret that the operator writes for a user. */
function secretOf(user: string): string {
  return `${clusterName}-pguser-${user}`;
}
