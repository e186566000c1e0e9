import { expect } from "chai";
import { daemonSetCondition } from "../../../../../sandbox/plugins/kubernetes/await/daemon-set";
import { jobCondition } from "../../../../../sandbox/plugins/kubernetes/await/job";
import { podCondition } from "../../../../../sandbox/plugins/kubernetes/await/pods";
import { statefulSetCondition } from "../../../../../sandbox/plugins/kubernetes/await/stateful-set";
import { type PlainMap } from "../../../../../sandbox/plugins/rpc/values";
import { judge, kubeObject, ownedBy, reasons } from "./snapshots";

describe("a StatefulSet", () => {
  const ready = {
    observedGeneration: 2,
    replicas: 3,
    readyReplicas: 3,
    currentReplicas: 3,
    currentRevision: "a",
    updateRevision: "a",
  };
  const set = (status: PlainMap, spec: PlainMap = {}) =>
    kubeObject(
      "StatefulSet",
      { spec: { replicas: 3, ...spec }, status: { ...ready, ...status } },
      { generation: 2 },
    );

  it("is ready when all pods are ready and of the current revision", () => {
    expect(judge(statefulSetCondition, set({})).outcome).to.equal("ready");
  });

  it("waits for its controller to see the new version", () => {
    expect(judge(statefulSetCondition, set({ observedGeneration: 1 })).outcome).to.equal("waiting");
  });

  it("waits for every pod", () => {
    const verdict = judge(statefulSetCondition, set({ readyReplicas: 2 }));
    expect(reasons(verdict)).to.include("2 out of 3 replicas succeeded readiness checks");
  });

  it("waits for the update to reach every pod", () => {
    const verdict = judge(statefulSetCondition, set({ updateRevision: "b", updatedReplicas: 1 }));
    expect(reasons(verdict)).to.include('from revision "a" to revision "b"');
  });

  it("does not wait for an update that rolls by hand", () => {
    const spec = { updateStrategy: { type: "OnDelete" } };
    const status = { updateRevision: "b", currentReplicas: 0 };
    expect(judge(statefulSetCondition, set(status, spec)).outcome).to.equal("ready");
  });
});

describe("a DaemonSet", () => {
  const ready = {
    observedGeneration: 1,
    desiredNumberScheduled: 3,
    currentNumberScheduled: 3,
    updatedNumberScheduled: 3,
    numberAvailable: 3,
    numberReady: 3,
  };
  const set = (status: PlainMap) => kubeObject("DaemonSet", { status: { ...ready, ...status } });

  it("is ready when every node runs an up-to-date, ready pod", () => {
    expect(judge(daemonSetCondition, set({})).outcome).to.equal("ready");
  });

  it("says what it lacks", () => {
    const verdict = judge(daemonSetCondition, set({ numberReady: 1 }));
    expect(verdict).to.deep.include({
      outcome: "waiting",
      status: "Waiting for Pods to be ready: 1/3",
    });
  });

  it("waits for its controller", () => {
    expect(judge(daemonSetCondition, set({ observedGeneration: 0 })).outcome).to.equal("waiting");
    expect(judge(daemonSetCondition, kubeObject("DaemonSet", {})).outcome).to.equal("waiting");
  });
});

describe("a Job", () => {
  const job = (...conditions: readonly PlainMap[]) =>
    kubeObject("Job", { status: { startTime: "t", active: 1, conditions } });

  it("is ready when it has completed", () => {
    expect(judge(jobCondition, job({ type: "Complete", status: "True" })).outcome).to.equal(
      "ready",
    );
  });

  it("waits while it runs, and counts", () => {
    const verdict = judge(jobCondition, job());
    expect(reasons(verdict)).to.include("(Active: 1 | Succeeded: 0 | Failed: 0)");
  });

  it("fails at once when it has failed, with its pod's last words", () => {
    const failed = job({
      type: "Failed",
      status: "True",
      reason: "BackoffLimitExceeded",
      message: "too often",
    });
    const pod = kubeObject(
      "Pod",
      {
        status: {
          containerStatuses: [
            { name: "run", state: { terminated: { reason: "Error", exitCode: 3 } } },
          ],
        },
      },
      ownedBy(failed, { name: "job-1" }),
    );
    const verdict = judge(jobCondition, failed, [pod]);
    expect(verdict.outcome).to.equal("failed");
    expect(reasons(verdict)).to.include("[BackoffLimitExceeded] too often");
    expect(reasons(verdict)).to.include("[Pod job-1] container run ended: Error, exit code 3");
  });
});

describe("a Pod", () => {
  const pod = (phase: string, ...conditions: readonly PlainMap[]) =>
    kubeObject("Pod", { status: { phase, conditions } });

  it("is ready when it is, or has succeeded", () => {
    expect(judge(podCondition, pod("Running", { type: "Ready", status: "True" })).outcome).to.equal(
      "ready",
    );
    expect(judge(podCondition, pod("Succeeded")).outcome).to.equal("ready");
  });

  it("says why it is not scheduled", () => {
    const unscheduled = {
      type: "PodScheduled",
      status: "False",
      message: "0/3 nodes are available",
    };
    const verdict = judge(podCondition, pod("Pending", unscheduled));
    expect(verdict).to.deep.include({ status: 'Waiting for Pod "a" to be scheduled' });
    expect(reasons(verdict)).to.include("0/3 nodes are available");
  });
});
