import type { Seen } from "../../../../operations/doctor/seen";
import { findsEach, merge, saysNothingOf, well, withFirst, withMore } from "../examination";
import { ago } from "../healthy";

const waiting = (reason: string, message: string) => ({
  phase: "Pending",
  conditions: [],
  containerStatuses: [{ name: "orders", restartCount: 0, state: { waiting: { reason, message } } }],
});

describe("an examination of workloads", () => {
  findsEach([
    [
      "a Deployment whose image cannot be pulled",
      () => ({
        ...withFirst("deployments", {
          status: { readyReplicas: 0, availableReplicas: 0 },
        }),
        pods: [
          merge(well().pods[0], { status: waiting("ImagePullBackOff", "no such tag") }),
        ] as unknown as Seen["pods"],
      }),
      "workloads",
      "critical",
      "Deployment shop/orders",
      /0 of 2 pods are ready.*ImagePullBackOff \(container orders\): no such tag/,
      /npm run rollback -- --stack production shop\/orders/,
    ],
    [
      "a StatefulSet with a member missing",
      () => withFirst("statefulSets", { status: { readyReplicas: 1, availableReplicas: 1 } }),
      "workloads",
      "medium",
      "StatefulSet shop/db",
      /1 of 2 pods are ready.*1 of 2 available/,
      /describe .* db --namespace shop/,
    ],
    [
      "a Deployment that its controller has given up",
      () =>
        withFirst("deployments", {
          status: {
            readyReplicas: 1,
            conditions: [
              { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" },
            ],
          },
        }),
      "workloads",
      "high",
      "Deployment shop/orders",
      /rollout has failed: ProgressDeadlineExceeded/,
      /npm run rollout -- --stack production shop\/orders/,
    ],
    [
      "a failed Job",
      () =>
        withFirst("jobs", {
          status: {
            conditions: [
              {
                type: "Failed",
                status: "True",
                reason: "BackoffLimitExceeded",
                lastTransitionTime: ago(120),
              },
            ],
          },
        }),
      "jobs",
      "high",
      "Job shop/migration",
      /failed 2m ago: BackoffLimitExceeded/,
      /logs job\/migration --namespace shop/,
    ],
    [
      "a scheduled Job that failed the last time",
      () =>
        withMore("jobs", {
          metadata: {
            name: "report-3",
            namespace: "shop",
            creationTimestamp: ago(60),
            ownerReferences: [{ kind: "CronJob", uid: "c" }],
          },
          spec: {},
          status: { conditions: [{ type: "Failed", status: "True", reason: "DeadlineExceeded" }] },
        }),
      "jobs",
      "high",
      "Job shop/report-3",
      /DeadlineExceeded/,
      /logs job\/report-3/,
    ],
    [
      "a claim that its pods wait for",
      () => ({
        ...withFirst("claims", { status: { phase: "Pending" } }),
        events: [
          {
            involvedObject: { uid: "v" },
            reason: "ProvisioningFailed",
            message: "no such class",
          } as Seen["events"][number],
        ],
      }),
      "volume claims",
      "high",
      "PersistentVolumeClaim shop/data",
      /has no volume yet: ProvisioningFailed: no such class/,
      /storage class fast/,
    ],
    [
      "a claim that nobody uses",
      () =>
        withMore("claims", {
          metadata: { name: "spare", namespace: "shop", creationTimestamp: ago(600) },
          status: { phase: "Pending" },
        }),
      "volume claims",
      "low",
      "PersistentVolumeClaim shop/spare",
      /no pod uses it/,
      /delete persistentvolumeclaim spare/,
    ],
    [
      "a claim that lost its volume",
      () => withFirst("claims", { status: { phase: "Lost" } }),
      "volume claims",
      "high",
      "PersistentVolumeClaim shop/data",
      /its volume is gone/,
      /describe persistentvolumeclaim data/,
    ],
  ]);
  saysNothingOf([
    [
      "a claim that was made a moment ago",
      () =>
        withFirst("claims", {
          metadata: { creationTimestamp: ago(20) },
          status: { phase: "Pending" },
        }),
    ],
  ]);
});
