import { expect } from "chai";
import { compareStacks } from "../../../review/model/comparison";
import { named, object, stack, type Manifest } from "../stack";

/** The outcome of changing one field of an object: `replaced`, `refused`, or undefined when it may change. */
function outcome(apiVersion: string, kind: string, before: Manifest, after: Manifest) {
  const version = (content: Manifest) =>
    stack(object({ apiVersion, kind, metadata: named("x"), ...content }));
  const [change] = compareStacks(version(before), version(after)).changes;
  return change?.immutable[0]?.outcome;
}

describe("fields that cannot change", () => {
  for (const [kind, apiVersion, field, expected] of [
    ["Job", "batch/v1", { spec: { template: { spec: { a: 0 } } } }, "replaced"],
    ["StatefulSet", "apps/v1", { spec: { serviceName: "0" } }, "replaced"],
    ["Service", "v1", { spec: { clusterIP: "0" } }, "replaced"],
    ["RoleBinding", "rbac.authorization.k8s.io/v1", { roleRef: { name: "0" } }, "replaced"],
    ["Secret", "v1", { type: "0" }, "replaced"],
    ["PersistentVolumeClaim", "v1", { spec: { storageClassName: "0" } }, "replaced"],
    ["StorageClass", "storage.k8s.io/v1", { reclaimPolicy: "0" }, "refused"],
    ["IngressClass", "networking.k8s.io/v1", { spec: { controller: "0" } }, "refused"],
    ["CustomResourceDefinition", "apiextensions.k8s.io/v1", { spec: { scope: "0" } }, "refused"],
    ["Deployment", "apps/v1", { spec: { replicas: "0" } }, undefined],
    // A custom kind of the same name has fields of its own.
    ["Service", "serving.knative.dev/v1", { spec: { clusterIP: "0" } }, undefined],
  ] as const) {
    const path = JSON.stringify(field)
      .replace(/[{}":0]+/g, " ")
      .trim();
    it(`of ${apiVersion} ${kind}: an edit of ${path} is ${expected ?? "applied in place"}`, () => {
      const after = JSON.parse(JSON.stringify(field).replace(/0/, "1")) as Manifest;
      expect(outcome(apiVersion, kind, field, after)).to.equal(expected);
    });
  }

  it("hold the data of an immutable ConfigMap, and of no other", () => {
    const config = (immutable: boolean, level: string) => ({ immutable, data: { level } });
    expect(outcome("v1", "ConfigMap", config(true, "a"), config(true, "b"))).to.equal("replaced");
    expect(outcome("v1", "ConfigMap", config(false, "a"), config(false, "b"))).to.equal(undefined);
  });

  it("come with the safe path", () => {
    const claim = (storageClassName: string) =>
      stack(
        object({
          apiVersion: "v1",
          kind: "PersistentVolumeClaim",
          metadata: named("x"),
          spec: { storageClassName },
        }),
      );
    const [change] = compareStacks(claim("a"), claim("b")).changes;
    expect(change?.immutable[0]?.safePath).to.contain("copy the data with a Job");
  });
});
