import { view } from "../../policy/core/walk";
import { Snapshot, type StackObject } from "../../review/model/snapshot";

/** A Kubernetes object as a test writes it. */
export type Manifest = Readonly<Record<string, unknown>>;

/** What a test says of a resource beside its object. */
export type Facts = Partial<Omit<StackObject, "view" | "fingerprint">>;

/** An object of the stack `production`; its URN is made of its kind and name. */
export function object(manifest: Manifest, facts: Facts = {}): StackObject {
  const { apiVersion, kind, metadata } = manifest as {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly namespace?: string };
  };
  const type = `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
  return {
    urn: `urn:pulumi:production::slipway::${type}::${metadata.namespace ?? ""}-${metadata.name}`,
    type,
    component: "slipway:apps:Workload::applications-shop-orders",
    chart: null,
    dependsOn: [],
    aliases: [],
    protect: false,
    retainOnDelete: false,
    deleteBeforeReplace: false,
    ...facts,
    fingerprint: JSON.stringify(manifest),
    view: view(manifest),
  };
}

/** A stack of objects. */
export function stack(...objects: readonly StackObject[]): Snapshot {
  return new Snapshot(objects);
}

/** Metadata in the namespace `shop`, or in another one. */
export function named(name: string, namespace = "shop", more: Manifest = {}): Manifest {
  return { name, namespace, ...more };
}

const container = {
  name: "api",
  image: "registry.example.com/acme/orders:1.4.0",
  ports: [{ containerPort: 8080 }],
  env: [{ name: "LOG_LEVEL", value: "info" }],
  resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "1", memory: "256Mi" } },
  startupProbe: { httpGet: { path: "/live", port: 8080 }, periodSeconds: 5, failureThreshold: 30 },
  readinessProbe: { httpGet: { path: "/ready", port: 8080 } },
  livenessProbe: { httpGet: { path: "/live", port: 8080 } },
};

/** A Deployment of three pods that rolls without a gap; the parts given replace its own. */
export function deployment(
  parts: {
    readonly name?: string;
    readonly spec?: Manifest;
    readonly container?: Manifest;
    readonly pod?: Manifest;
    readonly labels?: Readonly<Record<string, string>>;
  } = {},
): Manifest {
  const { name = "orders", spec, pod } = parts;
  const labels = { "app.kubernetes.io/name": name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: named(name),
    spec: {
      replicas: 3,
      selector: { matchLabels: labels },
      strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: { labels: { ...labels, ...parts.labels } },
        spec: {
          terminationGracePeriodSeconds: 40,
          containers: [{ ...container, ...parts.container }],
          ...pod,
        },
      },
      ...spec,
    },
  };
}

/** A StatefulSet of three pods, each with a volume. */
export function statefulSet(spec: Manifest = {}): Manifest {
  const labels = { "app.kubernetes.io/name": "nats" };
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: named("nats", "nats"),
    spec: {
      replicas: 3,
      serviceName: "nats",
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ ...container, image: "nats:2.14.2" }] },
      },
      volumeClaimTemplates: [claimTemplate("10Gi")],
      ...spec,
    },
  };
}

/** The claim template of a StatefulSet. */
export function claimTemplate(storage: string): Manifest {
  return { metadata: { name: "data" }, spec: { resources: { requests: { storage } } } };
}

/** A PostgresCluster with one instance set, backups and a schedule. */
export function postgresCluster(spec: Manifest = {}): Manifest {
  return {
    apiVersion: "postgres-operator.crunchydata.com/v1beta1",
    kind: "PostgresCluster",
    metadata: named("db", "postgres"),
    spec: {
      postgresVersion: 17,
      instances: [
        {
          name: "instance",
          replicas: 3,
          resources: {
            requests: { cpu: "500m", memory: "1Gi" },
            limits: { cpu: "2", memory: "1Gi" },
          },
          dataVolumeClaimSpec: { resources: { requests: { storage: "50Gi" } } },
        },
      ],
      backups: { pgbackrest: { repos: [{ name: "repo1", schedules: { full: "0 1 * * 0" } }] } },
      ...spec,
    },
  };
}
