import { expect } from "chai";
import { spread } from "../../components/kit/placement";

const labels = { app: "orders" };

describe("placement", () => {
  it("spreads over zones and hosts where there is room, each revision on its own", () => {
    const { topologySpreadConstraints } = spread(labels);
    expect(topologySpreadConstraints).to.deep.equal(
      ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
        maxSkew: 1,
        topologyKey,
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: labels },
        matchLabelKeys: ["pod-template-hash"],
      })),
    );
  });

  it("keeps no two pods apart by force unless asked", () => {
    expect(spread(labels)).to.not.have.property("affinity");
    expect(spread(labels, { hosts: "preferred" })).to.not.have.property("affinity");
  });

  it("never puts two pods of a revision on a host when that is required", () => {
    expect(spread(labels, { hosts: "required" }).affinity).to.deep.equal({
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          {
            topologyKey: "kubernetes.io/hostname",
            labelSelector: { matchLabels: labels },
            matchLabelKeys: ["pod-template-hash"],
          },
        ],
      },
    });
  });
});
