import type { Seen } from "../../../../operations/doctor/seen";
import { findsEach, saysNothingOf, well, withFirst, withMore } from "../examination";
import { ago } from "../healthy";

const held = (kind: string, seconds: number, finalizer: string, apiVersion = "v1") => ({
  apiVersion,
  kind,
  metadata: {
    name: "held",
    namespace: "shop",
    deletionTimestamp: ago(seconds),
    finalizers: [finalizer],
  },
});

const deployment = (name: string, available: number) => ({
  metadata: { name, namespace: "operators", generation: 1 },
  spec: { replicas: available, selector: { matchLabels: { app: name } } },
  status: {
    observedGeneration: 1,
    replicas: available,
    readyReplicas: available,
    updatedReplicas: available,
    availableReplicas: available,
  },
});

describe("an examination of deletions that do not end", () => {
  findsEach([
    [
      "a finalizer that nobody takes away",
      () => withMore("ending", held("ConfigMap", 60, "example.com/hold")),
      "finalizers",
      "high",
      "ConfigMap shop/held",
      /for 1m and waits for the finalizer example\.com\/hold: nothing that this stack runs/,
      /patch configmap held --namespace shop --type merge/,
    ],
    [
      "a finalizer whose operator is down",
      () => ({
        ...withMore(
          "ending",
          held(
            "PostgresCluster",
            60,
            "postgres-operator.crunchydata.com/finalizer",
            "postgres-operator.crunchydata.com/v1beta1",
          ),
        ),
        deployments: [
          ...well().deployments,
          deployment("pgo", 0) as unknown as Seen["deployments"][number],
        ],
      }),
      "finalizers",
      "high",
      "PostgresCluster shop/held",
      /its operator pgo does not run/,
      /start pgo .* patch postgrescluster\.postgres-operator\.crunchydata\.com held/,
    ],
    [
      "a finalizer that its operator does not take away",
      () => ({
        ...withMore("ending", held("ScaledObject", 900, "finalizer.keda.sh", "keda.sh/v1alpha1")),
        deployments: [
          ...well().deployments,
          deployment("keda-operator", 1) as unknown as Seen["deployments"][number],
        ],
      }),
      "finalizers",
      "high",
      "ScaledObject shop/held",
      /its operator keda-operator runs, and does not take it away/,
      /logs deployment\/keda-operator/,
    ],
    [
      "a volume that is in use while it is being deleted",
      () => withMore("ending", held("PersistentVolumeClaim", 900, "kubernetes.io/pvc-protection")),
      "finalizers",
      "high",
      "PersistentVolumeClaim shop/held",
      /when nothing uses the object/,
      /describe persistentvolumeclaim held/,
    ],
    [
      "a namespace that does not go",
      () =>
        withFirst("namespaces", {
          metadata: { deletionTimestamp: ago(900) },
          status: {
            conditions: [
              { type: "NamespaceContentRemaining", status: "True", message: "pods has 1" },
            ],
          },
        }),
      "finalizers",
      "high",
      "Namespace shop",
      /for 15m: pods has 1/,
      /describe namespace shop/,
    ],
  ]);
  saysNothingOf([
    ["a deletion that has just begun", () => withMore("ending", held("ConfigMap", 5, "a.b/c"))],
    [
      "a volume that is unmounted at the moment",
      () => withMore("ending", held("PersistentVolumeClaim", 60, "kubernetes.io/pvc-protection")),
    ],
  ]);
});
