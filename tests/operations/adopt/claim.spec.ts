import { expect } from "chai";
import { claimedManagers, claimPatch, otherManagers } from "../../../operations/adopt/claim";
import type { LiveObject, ManagedFields } from "../../../operations/adopt/live";

function live(...managedFields: readonly ManagedFields[]): LiveObject {
  return { kind: "Deployment", metadata: { name: "live-orders", managedFields } };
}

const helm: ManagedFields = { manager: "helm", operation: "Update" };
const scale: ManagedFields = {
  manager: "kube-controller-manager",
  operation: "Update",
  subresource: "scale",
};

describe("claiming the fields of an object", () => {
  it("renames Helm's manager to one that the provider takes over, and only where it still is", () => {
    expect(claimPatch(live(scale, helm))).to.deep.equal([
      { op: "test", path: "/metadata/managedFields/1/manager", value: "helm" },
      { op: "replace", path: "/metadata/managedFields/1/manager", value: "pulumi-kubernetes" },
      { op: "replace", path: "/metadata/managedFields/1/operation", value: "Update" },
    ]);
  });

  it("keeps the fields of several tools apart", () => {
    const values = claimPatch(live(helm, { ...helm, manager: "kubectl-edit" })).map(
      ({ value }) => value,
    );
    expect(values).to.include.members(["pulumi-kubernetes", "pulumi-resource-kubernetes"]);
  });

  it("leaves what controllers and subresources have set", () => {
    const scaled: ManagedFields = { ...helm, manager: "kubectl", subresource: "scale" };
    expect(claimPatch(live(scale, scaled))).to.deep.equal([]);
    expect(claimedManagers(live(scale, scaled))).to.deep.equal([]);
  });

  it("names the tools that keep their fields, and not Kubernetes or the provider", () => {
    const ours: ManagedFields = { manager: "pulumi-kubernetes-1a2b", operation: "Apply" };
    const argo: ManagedFields = { manager: "argocd-controller", operation: "Apply" };
    expect(otherManagers(live(helm, scale, ours, argo))).to.deep.equal(["argocd-controller"]);
  });
});
