import { findsEach, withMore } from "../examination";
import { ago } from "../healthy";

describe("an examination of Helm releases", () => {
  findsEach([
    [
      "a Helm release that was never installed",
      () =>
        withMore("releases", {
          metadata: {
            name: "sh.helm.release.v1.tempo.v1",
            namespace: "shop",
            creationTimestamp: ago(3600),
            labels: { name: "tempo", status: "pending-install" },
          },
        }),
      "Helm releases",
      "high",
      "Helm release shop/tempo",
      /pending-install for 1h/,
      /--namespace shop delete secret sh\.helm\.release\.v1\.tempo\.v1/,
    ],
    [
      "a Helm release whose upgrade was interrupted",
      () =>
        withMore("releases", {
          metadata: {
            name: "sh.helm.release.v1.loki.v2",
            namespace: "shop",
            labels: { name: "loki", status: "pending-upgrade" },
          },
        }),
      "Helm releases",
      "high",
      "Helm release shop/loki",
      /pending-upgrade/,
      /helm rollback loki --namespace shop/,
    ],
  ]);
});
