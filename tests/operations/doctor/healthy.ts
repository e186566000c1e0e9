import type { Context, Seen } from "../../../operations/doctor/seen";

/** The time of the examinations. */
export const now = new Date("2030-06-15T12:00:00Z");

/** A time some seconds before it. */
export function ago(seconds: number): string {
  return new Date(now.getTime() - seconds * 1000).toISOString();
}

export const context: Context = {
  now,
  stack: "production",
  kubectl: "kubectl --context production",
  pulumi: "pulumi",
  serviceOf: (_kind, namespace, name) =>
    namespace === "shop" && name === "orders" ? "shop/orders" : undefined,
};

const labels = { app: "orders" };
const day = 86_400;
const met = (type: string) => ({ type, status: "True", reason: "Fine", message: "" });
const named = (name: string, namespace = "shop") => ({
  name,
  namespace,
  creationTimestamp: ago(30 * day),
});
const complete = { observedGeneration: 1, readyReplicas: 2, updatedReplicas: 2 };

/**
 * What the doctor sees of a stack with nothing wrong, as the API server writes it: one object of everything that a
 * check looks at. `certificate` is what its Ingress serves.
 */
export function healthy(certificate: string): Seen {
  const objects: Readonly<Record<keyof Seen, unknown>> = {
    pending: [],
    namespaces: [{ metadata: { name: "shop" }, status: { phase: "Active" } }],
    deployments: [
      {
        metadata: { ...named("orders"), generation: 1 },
        spec: {
          replicas: 2,
          selector: { matchLabels: labels },
          template: { metadata: { labels } },
        },
        status: { ...complete, replicas: 2, availableReplicas: 2 },
      },
    ],
    statefulSets: [
      {
        metadata: { ...named("db"), generation: 1 },
        spec: { replicas: 2, selector: { matchLabels: { app: "db" } } },
        status: { ...complete, availableReplicas: 2, currentRevision: "a", updateRevision: "a" },
      },
    ],
    daemonSets: [],
    jobs: [
      { metadata: named("migration"), spec: {}, status: { conditions: [met("Complete")] } },
      {
        metadata: { ...named("report-1"), ownerReferences: [{ kind: "CronJob", uid: "c" }] },
        spec: {},
        status: { conditions: [met("Failed")] },
      },
      {
        metadata: {
          ...named("report-2"),
          creationTimestamp: ago(day),
          ownerReferences: [{ kind: "CronJob", uid: "c" }],
        },
        spec: {},
        status: { conditions: [met("Complete")] },
      },
    ],
    pods: [
      {
        metadata: { ...named("orders-1"), labels, uid: "p" },
        spec: { nodeName: "node-1", volumes: [{ persistentVolumeClaim: { claimName: "data" } }] },
        status: { phase: "Running", conditions: [met("Ready")] },
      },
    ],
    events: [],
    claims: [
      {
        metadata: { ...named("data"), uid: "v" },
        spec: { storageClassName: "fast" },
        status: { phase: "Bound" },
      },
    ],
    quotas: [
      {
        metadata: named("quota"),
        status: {
          hard: { pods: "10", "limits.cpu": "8" },
          used: { pods: "8", "limits.cpu": "7100m" },
        },
      },
    ],
    budgets: [
      {
        metadata: named("orders"),
        spec: { minAvailable: 1, selector: { matchLabels: labels } },
        status: { expectedPods: 2, currentHealthy: 2, desiredHealthy: 1, disruptionsAllowed: 1 },
      },
    ],
    autoscalers: ["orders", "carts"].map((name) => ({
      metadata: named(name),
      spec: { scaleTargetRef: { kind: "Deployment", name }, minReplicas: 2 },
      status: { conditions: [met("AbleToScale"), met("ScalingActive")] },
    })),
    scaledObjects: [
      {
        kind: "ScaledObject",
        metadata: named("worker"),
        spec: { scaleTargetRef: { name: "worker" }, minReplicaCount: 2 },
        status: { conditions: [met("Ready"), { ...met("Fallback"), status: "False" }] },
      },
    ],
    apiServices: [
      { metadata: { name: "v1beta1.metrics.k8s.io" }, status: { conditions: [met("Available")] } },
    ],
    ingresses: [
      {
        metadata: named("orders"),
        spec: { tls: [{ hosts: ["orders.example.com"], secretName: "orders-tls" }] },
      },
    ],
    tlsSecrets: [{ namespace: "shop", name: "orders-tls", certificate }],
    certificates: [
      {
        kind: "Certificate",
        metadata: named("internal"),
        spec: { secretName: "internal-tls" },
        status: {
          conditions: [met("Ready")],
          notAfter: ago(-30 * day),
          renewalTime: ago(-20 * day),
        },
      },
    ],
    webhooks: [],
    webhookCertificates: [],
    nodes: [{ metadata: { name: "node-1" }, status: { conditions: [met("Ready")] } }],
    secretStores: [
      { kind: "SecretStore", metadata: named("vault"), status: { conditions: [met("Ready")] } },
    ],
    clusterSecretStores: [],
    externalSecrets: ["token", "password"].map((name) => ({
      kind: "ExternalSecret",
      metadata: named(name),
      spec: { secretStoreRef: { kind: "SecretStore", name: "vault" } },
      status: { conditions: [met("Ready")] },
    })),
    definitions: [
      {
        metadata: { name: "queues.example.com" },
        spec: {
          group: "example.com",
          versions: [
            { name: "v1", served: true, storage: true },
            { name: "v1beta1", served: false, storage: false },
          ],
        },
        status: { storedVersions: ["v1"] },
      },
    ],
    releases: [
      {
        apiVersion: "v1",
        kind: "Secret",
        metadata: {
          ...named("sh.helm.release.v1.loki.v1"),
          labels: { name: "loki", status: "deployed" },
        },
      },
    ],
    ending: [],
    drift: { drifts: [], compared: 40, notCompared: [] },
  };
  return objects as unknown as Seen;
}
