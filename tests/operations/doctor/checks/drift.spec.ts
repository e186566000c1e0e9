import { findsEach, well } from "../examination";

describe("an examination of drift", () => {
  findsEach([
    [
      "a field that somebody edited",
      () => ({
        ...well(),
        drift: {
          ...well().drift,
          drifts: [
            {
              urn: "urn:pulumi:p::slipway::t::shop-orders-service",
              object: "Service shop/orders",
              fields: [{ path: "spec.type", before: "NodePort", after: "ClusterIP" }],
              by: [{ manager: "kubectl-edit", time: "2030-06-15T11:00:00Z", yields: true }],
            },
          ],
        },
      }),
      "drift",
      "medium",
      "Service shop/orders",
      /spec\.type is NodePort, declared ClusterIP \(written by kubectl-edit at 2030/,
      /set it back: pulumi up --refresh --stack production --target '\*\*::shop-orders-service'/,
    ],
    [
      "a field of a manager that does not yield",
      () => ({
        ...well(),
        drift: {
          ...well().drift,
          drifts: [
            {
              urn: "urn:pulumi:p::slipway::t::shop-orders",
              object: "Deployment shop/orders",
              fields: [{ path: "spec.replicas", before: 3, after: 2 }],
              by: [{ manager: "dashboard", time: "2030-06-15T11:00:00Z", yields: false }],
            },
          ],
        },
      }),
      "drift",
      "medium",
      "Deployment shop/orders",
      /spec\.replicas is 3, declared 2/,
      /set it back: PULUMI_K8S_ENABLE_PATCH_FORCE=true pulumi up/,
    ],
    [
      "an object that is gone",
      () => ({
        ...well(),
        drift: {
          ...well().drift,
          drifts: [
            {
              urn: "urn:pulumi:p::slipway::t::shop-orders",
              object: "Service shop/orders",
              fields: [],
              by: [],
              problem: "it is gone from the cluster",
            },
          ],
        },
      }),
      "drift",
      "high",
      "Service shop/orders",
      /gone from the cluster/,
      /pulumi up --refresh/,
    ],
  ]);
});
