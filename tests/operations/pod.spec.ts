import type { CoreV1Event, V1ContainerStatus, V1Pod, V1PodStatus } from "@kubernetes/client-node";
import { expect } from "chai";
import { podProblem, problemText } from "../../operations/pod";

const condition = (type: string, met: boolean, more: object = {}) => ({
  type,
  status: met ? "True" : "False",
  ...more,
});
const pod = (status: V1PodStatus, metadata: object = {}): V1Pod => ({
  metadata: { name: "orders-1", uid: "one", ...metadata },
  status: { phase: "Pending", ...status },
});
const container = (status: Partial<V1ContainerStatus>): V1ContainerStatus => ({
  name: "orders",
  image: "orders:1",
  imageID: "",
  ready: false,
  restartCount: 0,
  ...status,
});
const warning = (message: string, changes: object = {}): CoreV1Event =>
  ({
    type: "Warning",
    reason: "Unhealthy",
    message,
    lastTimestamp: new Date("2030-01-01T00:00:00Z"),
    involvedObject: { uid: "one" },
    ...changes,
  }) as CoreV1Event;
const textOf = (of: V1Pod, events: readonly CoreV1Event[] = []): string | undefined => {
  const problem = podProblem(of, events);
  return problem && problemText(problem);
};

describe("why a pod is not ready", () => {
  it("is nothing when it is, or has done what it was to do", () => {
    const ready = { phase: "Running", conditions: [condition("Ready", true)] };
    expect(textOf(pod(ready), [warning("long ago")])).to.equal(undefined);
    expect(textOf(pod({ phase: "Succeeded" }))).to.equal(undefined);
  });

  it("is that no node takes it", () => {
    const message = "0/3 nodes are available: 3 Insufficient cpu.";
    const conditions = [condition("PodScheduled", false, { reason: "Unschedulable", message })];
    expect(textOf(pod({ conditions }))).to.equal(`Unschedulable: ${message}`);
  });

  it("is what its container waits for", () => {
    const waiting = { reason: "ImagePullBackOff", message: 'Back-off pulling image "orders:1"' };
    expect(textOf(pod({ containerStatuses: [container({ state: { waiting } })] }))).to.equal(
      'ImagePullBackOff (container orders): Back-off pulling image "orders:1"',
    );
  });

  it("is how its container ended last, when it waits to be started again", () => {
    const crashed = container({
      state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 5m0s" } },
      lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } },
      restartCount: 4,
    });
    expect(textOf(pod({ containerStatuses: [crashed] }))).to.equal(
      "CrashLoopBackOff (container orders): exit code 137, OOMKilled, 4 restarts",
    );
  });

  it("is that a container of a job has failed, in its own last words", () => {
    const terminated = { exitCode: 1, reason: "Error", message: "relation missing\n" };
    const failed = pod({
      phase: "Failed",
      containerStatuses: [container({ state: { terminated } })],
    });
    expect(textOf(failed)).to.equal("Error (container orders): exit code 1, relation missing");
  });

  it("is an init container before the containers that wait for it", () => {
    const crash = { waiting: { reason: "CrashLoopBackOff" } };
    const status = {
      initContainerStatuses: [container({ name: "wait", state: crash })],
      containerStatuses: [container({ state: { waiting: { reason: "PodInitializing" } } })],
    };
    expect(textOf(pod(status))).to.equal("CrashLoopBackOff (container wait)");
  });

  it("is the last warning about a container that cannot be made", () => {
    const creating = container({ state: { waiting: { reason: "ContainerCreating" } } });
    const events = [
      warning('secret "orders" not found', { reason: "FailedMount" }),
      warning("an older one", { lastTimestamp: new Date("2029-01-01T00:00:00Z") }),
      warning("of another pod", { involvedObject: { uid: "two" } }),
      warning("no warning", { type: "Normal" }),
    ];
    expect(textOf(pod({ containerStatuses: [creating] }), events)).to.equal(
      'FailedMount (container orders): secret "orders" not found',
    );
  });

  it("is the probe that does not succeed", () => {
    const running = { running: { startedAt: new Date() } };
    const status = (started: boolean) => ({
      phase: "Running",
      containerStatuses: [container({ state: running, started })],
    });
    expect(textOf(pod(status(true)), [warning("Readiness probe failed: HTTP 503")])).to.equal(
      "Unhealthy (container orders): Readiness probe failed: HTTP 503",
    );
    expect(textOf(pod(status(true)))).to.equal(
      "NotReady (container orders): it runs, and its readiness probe does not succeed",
    );
    expect(textOf(pod(status(false)))).to.equal(
      "NotReady (container orders): its startup probe has not succeeded yet",
    );
  });

  it("is a crash before a second container that is merely not ready", () => {
    const status = {
      containerStatuses: [
        container({ name: "slow", state: { running: {} } }),
        container({ state: { waiting: { reason: "CrashLoopBackOff" } } }),
      ],
    };
    expect(textOf(pod(status))).to.equal("CrashLoopBackOff (container orders)");
  });

  it("is that it is being ended, or was evicted", () => {
    const ending = pod({ phase: "Running" }, { deletionTimestamp: new Date() });
    expect(textOf(ending)).to.equal("Terminating: it is being ended");
    const evicted = pod({ phase: "Failed", reason: "Evicted", message: "low on memory" });
    expect(textOf(evicted)).to.equal("Evicted: low on memory");
  });

  it("is its phase when nothing more is known", () => {
    expect(textOf(pod({}))).to.equal("Pending");
  });
});
