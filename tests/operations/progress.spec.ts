import { expect } from "chai";
import {
  deployedAt,
  imageOf,
  rolloutProgress,
  type ControllerObject,
} from "../../operations/progress";

const deployment = (status: object, replicas: number | undefined = 2): ControllerObject =>
  ({
    metadata: { generation: 3 },
    spec: { replicas },
    status: { observedGeneration: 3, ...status },
  }) as ControllerObject;
const all = { replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };

describe("the rollout of a Deployment", () => {
  const progress = (object: ControllerObject) => rolloutProgress("Deployment", object);

  it("is complete when every pod is of the new version and available", () => {
    expect(progress(deployment(all))).to.deep.equal({
      state: "complete",
      replicas: { ready: 2, wanted: 2 },
    });
  });

  it("is under way before its controller has seen it", () => {
    expect(progress(deployment({ ...all, observedGeneration: 2 }))).to.deep.include({
      state: "under way",
      detail: "the controller has not seen it yet",
    });
  });

  it("is under way while pods are missing, and says how many", () => {
    const status = { replicas: 3, updatedReplicas: 1, readyReplicas: 2, availableReplicas: 1 };
    expect(progress(deployment(status))).to.deep.include({
      state: "under way",
      detail: "1 of 2 updated, 1 of 2 available, 2 of the old version still there",
    });
  });

  it("has failed when its controller gave it up, with the controller's reason", () => {
    const message = 'ReplicaSet "orders-1" has timed out progressing.';
    const reason = "ProgressDeadlineExceeded";
    const conditions = [{ type: "Progressing", status: "False", reason, message }];
    expect(progress(deployment({ ...all, conditions }))).to.deep.include({
      state: "failed",
      detail: `${reason}: ${message}`,
    });
  });

  it("is under way when pods are refused, with the reason: a quota may be raised", () => {
    const message = "exceeded quota: default";
    const conditions = [
      { type: "ReplicaFailure", status: "True", reason: "FailedCreate", message },
    ];
    expect(progress(deployment({ conditions }))).to.deep.include({
      state: "under way",
      detail: "FailedCreate: exceeded quota: default",
    });
  });

  it("is complete with no pods where none are wanted", () => {
    expect(progress(deployment({}, 0)).state).to.equal("complete");
  });
});

describe("the rollout of other objects", () => {
  const seen = { metadata: { generation: 1 } };

  it("of a StatefulSet ends when its pods are of the revision it updates to", () => {
    const at = (status: object): string =>
      rolloutProgress("StatefulSet", {
        ...seen,
        spec: { replicas: 3 },
        status: { observedGeneration: 1, readyReplicas: 3, availableReplicas: 3, ...status },
      } as ControllerObject).state;
    expect(at({ currentRevision: "b", updateRevision: "b" })).to.equal("complete");
    expect(at({ currentRevision: "a", updateRevision: "b", updatedReplicas: 2 })).to.equal(
      "under way",
    );
  });

  it("of a DaemonSet ends when each node has the new pod", () => {
    const at = (status: object): string =>
      rolloutProgress("DaemonSet", {
        ...seen,
        status: { observedGeneration: 1, desiredNumberScheduled: 3, numberReady: 3, ...status },
      } as ControllerObject).state;
    expect(at({ updatedNumberScheduled: 3, numberAvailable: 3 })).to.equal("complete");
    expect(at({ updatedNumberScheduled: 2, numberAvailable: 3 })).to.equal("under way");
  });

  it("of a Job ends with it", () => {
    const at = (type?: string): ReturnType<typeof rolloutProgress> =>
      rolloutProgress("Job", {
        status: {
          conditions:
            type === undefined
              ? []
              : [{ type, status: "True", reason: "BackoffLimitExceeded", message: "3 failed" }],
        },
      } as ControllerObject);
    expect(at("Complete").state).to.equal("complete");
    expect(at().state).to.equal("under way");
    expect(at("Failed")).to.deep.equal({
      state: "failed",
      detail: "BackoffLimitExceeded: 3 failed",
    });
  });

  it("of a CronJob is its schedule", () => {
    expect(rolloutProgress("CronJob", {})).to.deep.equal({ state: "complete" });
  });
});

describe("when an object was deployed", () => {
  const write = (manager: string, time: string, subresource?: string) => ({
    manager,
    time: new Date(time),
    ...(subresource === undefined ? {} : { subresource }),
  });

  it("is its last write as a whole, not that of its status, its scale or a controller", () => {
    const managedFields = [
      write("pulumi-kubernetes-1", "2030-01-01"),
      write("pulumi-kubernetes-2", "2030-01-03"),
      write("kube-controller-manager", "2030-01-09", "status"),
      write("kube-controller-manager", "2030-01-08"),
      write("autoscaler", "2030-01-07", "scale"),
    ];
    expect(deployedAt({ metadata: { managedFields } })).to.deep.equal(new Date("2030-01-03"));
  });

  it("is its creation where nobody says", () => {
    const creationTimestamp = new Date("2030-01-01");
    expect(deployedAt({ metadata: { creationTimestamp } })).to.deep.equal(creationTimestamp);
  });
});

describe("the image of a service", () => {
  const pod = {
    spec: {
      containers: [
        { name: "proxy", image: "p:1" },
        { name: "orders", image: "o:1" },
      ],
    },
  };

  it("is that of its own container, in a scheduled job too", () => {
    expect(imageOf("Deployment", { spec: { template: pod } } as never, "shop/orders")).to.equal(
      "o:1",
    );
    const spec = { jobTemplate: { spec: { template: pod } } };
    expect(imageOf("CronJob", { spec } as never, "shop/orders")).to.equal("o:1");
  });
});
