import { expect } from "chai";
import { keepIgnoredFields } from "../../../../../sandbox/plugins/kubernetes/change/ignored-fields";
import { at, type KubeObject } from "../../../../../sandbox/plugins/kubernetes/object/kube-object";

const OURS = "pulumi-kubernetes-12345678";
const inputs: KubeObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: { replicas: 1, paused: false },
};

/** The Deployment on the cluster, scaled to four by a manager. */
function scaledBy(...managers: readonly string[]): KubeObject {
  return {
    ...inputs,
    metadata: {
      name: "web",
      managedFields: managers.map((manager) => ({
        manager,
        operation: "Update",
        fieldsV1: { "f:spec": { "f:replicas": {} } },
      })),
    },
    spec: { replicas: 4 },
  };
}

function replicas(live: KubeObject, ignored: readonly string[] = ["spec.replicas"]) {
  return at(keepIgnoredFields(inputs, live, ignored, OURS), "spec", "replicas");
}

describe("an ignored field", () => {
  it("is left out when only somebody else owns it", () => {
    expect(replicas(scaledBy("horizontal-pod-autoscaler"))).to.equal(undefined);
  });

  it("keeps its live value when the provider owns it", () => {
    expect(replicas(scaledBy(OURS))).to.equal(4);
  });

  it("keeps its live value when both own it", () => {
    expect(replicas(scaledBy(OURS, "horizontal-pod-autoscaler"))).to.equal(4);
  });

  it("takes the program's value when the cluster has none", () => {
    const live = { ...scaledBy(), spec: {} };
    expect(replicas(live)).to.equal(1);
  });

  it("is the only one that changes", () => {
    expect(replicas(scaledBy("horizontal-pod-autoscaler"), ["spec.paused"])).to.equal(1);
  });
});
