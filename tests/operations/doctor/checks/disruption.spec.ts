import { failing, findsEach, saysNothingOf, withFirst } from "../examination";

describe("an examination of disruption budgets", () => {
  findsEach([
    [
      "a disruption budget that asks for every pod",
      () =>
        withFirst("budgets", {
          spec: { minAvailable: 2 },
          status: { desiredHealthy: 2, disruptionsAllowed: 0 },
        }),
      "disruption budgets",
      "medium",
      "PodDisruptionBudget shop/orders",
      /minAvailable: 2, and there are 2 pods/,
      /maxUnavailable: 1/,
    ],
    [
      "a disruption budget that cannot be counted",
      () =>
        withFirst(
          "budgets",
          failing("DisruptionAllowed", "SyncFailed", "pods without a controller"),
        ),
      "disruption budgets",
      "medium",
      "PodDisruptionBudget shop/orders",
      /SyncFailed: pods without a controller/,
      /describe poddisruptionbudget orders/,
    ],
  ]);
  saysNothingOf([
    [
      "a budget whose autoscaler has fewer pods than its floor",
      () =>
        withFirst("budgets", {
          status: { expectedPods: 1, currentHealthy: 1, disruptionsAllowed: 0 },
        }),
    ],
  ]);
});
