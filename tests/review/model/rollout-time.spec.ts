import { expect } from "chai";
import { rolloutPlan } from "../../../review/model/rollout-time";
import { deployment, object, statefulSet, type Manifest } from "../stack";

const planOf = (manifest: Manifest, replicas: number) =>
  rolloutPlan(object(manifest).view, replicas);

describe("how a workload rolls", () => {
  it("takes as many startup windows as its surge and its budget ask for", () => {
    const fast = { strategy: { rollingUpdate: { maxSurge: 2, maxUnavailable: 1 } } };
    expect(planOf(deployment({ spec: fast }), 6)).to.deep.equal({
      words: "6 pods, 2 more at a time, 1 missing",
      surge: 2,
      downtime: false,
      seconds: 2 * 150 + 40,
    });
  });

  it("adds the time a pod has to stay ready", () => {
    expect(planOf(deployment({ spec: { minReadySeconds: 20 } }), 1).seconds).to.equal(
      150 + 20 + 40,
    );
  });

  it("takes the readiness window where there is no startup probe, and the API's defaults", () => {
    const plain = deployment({ container: { startupProbe: undefined }, pod: {} });
    expect(planOf(plain, 1).seconds).to.equal(3 * 10 + 40);
  });

  it("has a gap when the only pod may be missing, or all stop first", () => {
    const missing = { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } };
    expect(planOf(deployment({ spec: missing }), 1).downtime).to.equal(true);
    expect(planOf(deployment({ spec: missing }), 2).downtime).to.equal(false);
    expect(planOf(deployment({ spec: { strategy: { type: "Recreate" } } }), 3).downtime).to.equal(
      true,
    );
    expect(planOf(deployment({ spec: { strategy: { type: "Recreate" } } }), 0).downtime).to.equal(
      false,
    );
  });

  it("goes through a StatefulSet from its last pod to its partition, each with its grace period", () => {
    const set = statefulSet({ updateStrategy: { rollingUpdate: { partition: 1 } } });
    expect(planOf(set, 3)).to.deep.include({
      words: "3 pods, 1 at a time from the last; the first 1 stay",
      seconds: 2 * (150 + 30),
    });
  });

  it("waits for somebody where pods are replaced on deletion only", () => {
    const set = statefulSet({ updateStrategy: { type: "OnDelete" } });
    expect(planOf(set, 3)).to.deep.include({
      words: "3 pods, when somebody deletes them",
      seconds: undefined,
    });
  });

  it("takes an unknown time on every node", () => {
    const daemons = { ...deployment(), kind: "DaemonSet" };
    expect(planOf(daemons, 1)).to.deep.include({
      words: "one pod per node, a node at a time",
      seconds: undefined,
    });
  });
});
