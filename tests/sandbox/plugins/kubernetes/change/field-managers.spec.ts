import { expect } from "chai";
import {
  isOwnedByCreator,
  ownsField,
  takeOverFields,
} from "../../../../../sandbox/plugins/kubernetes/change/field-managers";
import { type KubeObject } from "../../../../../sandbox/plugins/kubernetes/object/kube-object";
import { type PlainMap } from "../../../../../sandbox/plugins/rpc/values";

const OURS = "pulumi-kubernetes-12345678";

function live(...managedFields: readonly PlainMap[]): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", resourceVersion: "7", managedFields },
  };
}

function entry(manager: string, operation: string, fieldsV1: PlainMap): PlainMap {
  return { manager, operation, apiVersion: "apps/v1", fieldsType: "FieldsV1", fieldsV1 };
}

describe("taking over the fields of a create", () => {
  const replicas = { "f:spec": { "f:replicas": {} } };
  const template = { "f:spec": { "f:template": {} } };

  it("is not needed when nobody else created the object", () => {
    expect(takeOverFields(live(entry(OURS, "Apply", replicas)), OURS)).to.deep.equal([]);
  });

  it("gives them to the manager that applies, together with those it has", () => {
    const object = live(
      entry("pulumi-kubernetes", "Update", replicas),
      entry(OURS, "Apply", template),
      entry("kube-controller-manager", "Update", { "f:status": {} }),
    );
    const [fields, version] = takeOverFields(object, OURS);
    expect(fields).to.deep.include({ op: "replace", path: "/metadata/managedFields" });
    const entries = fields?.["value"] as readonly PlainMap[];
    expect(entries.map(({ manager, operation }) => [manager, operation])).to.deep.equal([
      ["kube-controller-manager", "Update"],
      [OURS, "Apply"],
    ]);
    expect(entries[1]?.["fieldsV1"]).to.deep.equal({
      "f:spec": { "f:replicas": {}, "f:template": {} },
    });
    expect(version).to.deep.equal({ op: "replace", path: "/metadata/resourceVersion", value: "7" });
  });

  it("takes what any of kubectl's commands has set, whose names start with its own", () => {
    const object = live(entry("kubectl-client-side-apply", "Update", replicas));
    const entries = takeOverFields(object, OURS)[0]?.["value"] as readonly PlainMap[];
    expect(entries.map(({ manager }) => manager)).to.deep.equal([OURS]);
  });

  it("leaves the fields of a subresource where they are", () => {
    const scaled = { ...entry("kubectl", "Update", replicas), subresource: "scale" };
    expect(takeOverFields(live(scaled), OURS)).to.deep.equal([]);
  });

  it("leaves the fields of controllers where they are", () => {
    const object = live(entry("horizontal-pod-autoscaler", "Update", replicas));
    expect(takeOverFields(object, OURS)).to.deep.equal([]);
  });

  it("is still due as long as the creator owns fields", () => {
    expect(isOwnedByCreator(live(entry("pulumi-kubernetes", "Update", replicas)))).to.equal(true);
    expect(isOwnedByCreator(live(entry(OURS, "Apply", replicas)))).to.equal(false);
  });
});

describe("a field's owner", () => {
  const object = live(entry(OURS, "Apply", { "f:spec": { "f:template": { "f:spec": {} } } }));
  const isOurs = (manager: string): boolean => manager === OURS;

  it("owns the parents of what it set", () => {
    expect(ownsField(object, ["spec", "template"], isOurs)).to.equal(true);
  });

  it("owns nothing else", () => {
    expect(ownsField(object, ["spec", "replicas"], isOurs)).to.equal(false);
    expect(ownsField(object, ["spec", "template"], (manager) => !isOurs(manager))).to.equal(false);
  });
});
