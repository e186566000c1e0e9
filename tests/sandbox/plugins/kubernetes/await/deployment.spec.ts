import { expect } from "chai";
import { deploymentCondition } from "../../../../../sandbox/plugins/kubernetes/await/deployment";
import { type KubeObject } from "../../../../../sandbox/plugins/kubernetes/object/kube-object";
import { type PlainMap } from "../../../../../sandbox/plugins/rpc/values";
import { judge, kubeObject, ownedBy, reasons, warning } from "./snapshots";

const REVISION = "deployment.kubernetes.io/revision";

interface State {
  revision?: string;
  observed?: number;
  available?: string;
  progressing?: PlainMap;
  volumes?: readonly PlainMap[];
}

function deployment(state: State = {}): KubeObject {
  const { revision = "1", observed = 2, available = "True", progressing = {} } = state;
  return kubeObject(
    "Deployment",
    {
      spec: { template: { spec: { volumes: state.volumes ?? [] } } },
      status: {
        observedGeneration: observed,
        conditions: [
          {
            type: "Available",
            status: available,
            reason: "MinimumReplicasUnavailable",
            message: "too few",
          },
          { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable", ...progressing },
        ],
      },
    },
    { generation: 2, annotations: revision === "" ? {} : { [REVISION]: revision } },
  );
}

function replicaSet(ready: number, revision = "1"): KubeObject {
  const metadata = ownedBy(deployment(), { uid: "set", annotations: { [REVISION]: revision } });
  return kubeObject(
    "ReplicaSet",
    { spec: { replicas: 2 }, status: { readyReplicas: ready } },
    metadata,
  );
}

const judged = (object: KubeObject, ...others: KubeObject[]) =>
  judge(deploymentCondition, object, others);

describe("a Deployment", () => {
  it("is ready when it is available and its ReplicaSet has all pods", () => {
    expect(judged(deployment(), replicaSet(2)).outcome).to.equal("ready");
  });

  it("waits for its controller to see the new version", () => {
    expect(judged(deployment({ observed: 1 }), replicaSet(2)).outcome).to.equal("waiting");
    expect(judged(deployment({ revision: "" }), replicaSet(2)).outcome).to.equal("waiting");
  });

  it("waits for the pods of the current revision, not of the last", () => {
    const verdict = judged(deployment({ revision: "2" }), replicaSet(2, "1"), replicaSet(1, "2"));
    expect(verdict).to.deep.include({
      outcome: "waiting",
      status: "[1/2] Waiting for app ReplicaSet to be available (1/2 Pods available)",
    });
  });

  it("waits until a rollout is finished", () => {
    const progressing = { reason: "ReplicaSetUpdated" };
    const verdict = judged(deployment({ revision: "2", progressing }), replicaSet(2, "2"));
    expect(verdict.outcome).to.equal("waiting");
  });

  it("does not wait for a rollout in its first revision", () => {
    const progressing = { reason: "ReplicaSetUpdated" };
    expect(judged(deployment({ progressing }), replicaSet(2)).outcome).to.equal("ready");
  });

  it("waits for the claims it mounts, and only for those", () => {
    const volumes = [{ name: "v", persistentVolumeClaim: { claimName: "data" } }];
    const claim = (name: string) =>
      kubeObject("PersistentVolumeClaim", { status: { phase: "Pending" } }, { name });
    const waiting = judged(deployment({ volumes }), replicaSet(2), claim("data"));
    expect(reasons(waiting)).to.include("Failed to bind PersistentVolumeClaim(s): data");
    expect(judged(deployment({ volumes }), replicaSet(2), claim("other")).outcome).to.equal(
      "ready",
    );
  });

  it("says which condition, which pod and which event are in the way", () => {
    const set = replicaSet(0);
    const pod = kubeObject(
      "Pod",
      {
        status: {
          conditions: [
            { type: "Ready", status: "False", message: "containers with unready status: [web]" },
          ],
          containerStatuses: [
            {
              name: "web",
              state: { waiting: { reason: "ImagePullBackOff", message: "no such image" } },
            },
          ],
        },
      },
      ownedBy(set, { name: "web-1", uid: "pod" }),
    );
    const event = warning(pod, "Failed", "Failed to pull image");
    const text = reasons(judged(deployment({ available: "False" }), set, pod, event));
    expect(text).to.include("[MinimumReplicasUnavailable] too few");
    expect(text).to.include(
      "[Pod web-1] containers with unready status: [web]; container web: [ImagePullBackOff] no such image",
    );
    expect(text).to.include("[Pod web-1] Failed: Failed to pull image");
  });

  it("quotes no event of somebody else", () => {
    const other = kubeObject("Pod", {}, { uid: "other" });
    const text = reasons(
      judged(deployment({ available: "False" }), replicaSet(0), warning(other, "X", "other's")),
    );
    expect(text).to.not.include("other's");
  });
});
