import { expect } from "chai";
import { walk } from "../../../policy/core/walk";

const container = { name: "app" };
const template = { spec: { containers: [container] } };

function paths(object: Record<string, unknown>): string[] {
  return walk(object).flatMap(({ source, pod }) =>
    (pod?.containers ?? []).map(({ path }) =>
      [source.base, path].filter((part) => part !== "").join("."),
    ),
  );
}

describe("walk", () => {
  it("finds the containers of every kind of workload", () => {
    const kinds = [
      "Deployment",
      "StatefulSet",
      "DaemonSet",
      "ReplicaSet",
      "ReplicationController",
      "Job",
    ];
    expect(kinds.flatMap((kind) => paths({ kind, spec: { template } }))).to.deep.equal(
      kinds.map(() => "spec.template.spec.containers[0]"),
    );
    expect(paths({ kind: "Pod", spec: template.spec })).to.deep.equal(["spec.containers[0]"]);
    expect(paths({ kind: "CronJob", spec: { jobTemplate: { spec: { template } } } })).to.deep.equal(
      ["spec.jobTemplate.spec.template.spec.containers[0]"],
    );
    expect(paths({ kind: "PodTemplate", template })).to.deep.equal(["template.spec.containers[0]"]);
  });

  it("finds the containers of a custom resource with a pod template", () => {
    const rollout = { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", spec: { template } };
    expect(paths(rollout)).to.deep.equal(["spec.template.spec.containers[0]"]);
    const scaledJob = {
      apiVersion: "keda.sh/v1alpha1",
      kind: "ScaledJob",
      spec: { jobTargetRef: { template } },
    };
    expect(paths(scaledJob)).to.deep.equal(["spec.jobTargetRef.template.spec.containers[0]"]);
  });

  it("tells native sidecars from plain init containers", () => {
    const spec = {
      initContainers: [{}, { restartPolicy: "Always" }],
      containers: [{}],
      ephemeralContainers: [{}],
    };
    const [object] = walk({ kind: "Pod", spec });
    expect(object?.pod?.containers.map(({ role }) => role)).to.deep.equal([
      "init",
      "sidecar",
      "regular",
      "ephemeral",
    ]);
  });

  it("opens lists inside lists, and gives items of a typed list its kind", () => {
    const inner = {
      kind: "DeploymentList",
      apiVersion: "apps/v1",
      items: [{ spec: { template } }],
    };
    const [object] = walk({ kind: "List", items: [inner] });
    expect([object?.kind, object?.apiVersion, object?.source.base]).to.deep.equal([
      "Deployment",
      "apps/v1",
      "items[0].items[0]",
    ]);
  });

  it("reads on through wrong types without throwing", () => {
    const wrong = [
      { kind: 7, metadata: "x" },
      { kind: "Pod", spec: "x" },
      { kind: "Pod", spec: { containers: "x", initContainers: [1, null, []] } },
      { kind: "Deployment", spec: { template: [] } },
      { kind: "List", items: [null, "x", { items: {} }] },
      JSON.parse(
        '{"kind": "Pod", "metadata": {"labels": {"__proto__": "x", "constructor": "y"}}}',
      ) as object,
    ];
    expect(wrong.map((object) => walk(object as Record<string, unknown>).length)).to.deep.equal([
      1, 1, 1, 1, 3, 1,
    ]);
  });
});
