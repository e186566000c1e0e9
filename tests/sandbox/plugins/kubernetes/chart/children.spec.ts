import { expect } from "chai";
import { childOf, typeToken } from "../../../../../sandbox/plugins/kubernetes/chart/children";
import { type KubeObject } from "../../../../../sandbox/plugins/kubernetes/object/kube-object";
import { Secret, type PlainMap } from "../../../../../sandbox/plugins/rpc/values";

const options = { prefix: "bus", skipAwait: false };

function object(
  apiVersion: string,
  kind: string,
  metadata: PlainMap,
  more: PlainMap = {},
): KubeObject {
  return { apiVersion, kind, metadata, ...more };
}

describe("a child of a chart", () => {
  const service = object("v1", "Service", { name: "nats", namespace: "data" });

  it("is named after the chart, the namespace and the object", () => {
    expect(childOf(service, options)).to.deep.include({
      type: "kubernetes:core/v1:Service",
      name: "bus:data/nats",
      inputs: service,
      retainOnDelete: false,
    });
  });

  it("has no namespace in its name when the object has none", () => {
    const role = object("rbac.authorization.k8s.io/v1", "ClusterRole", { name: "nats" });
    expect(childOf(role, options).name).to.equal("bus:nats");
  });

  it("is named after the object alone without a prefix", () => {
    expect(childOf(service, { ...options, prefix: "" }).name).to.equal("data/nats");
  });

  it("has a type with group, version and kind", () => {
    expect(typeToken(object("apps/v1", "Deployment", {}))).to.equal(
      "kubernetes:apps/v1:Deployment",
    );
    expect(typeToken(object("cert-manager.io/v1", "Issuer", {}))).to.equal(
      "kubernetes:cert-manager.io/v1:Issuer",
    );
  });

  it("hides what a Secret holds", () => {
    const secret = object("v1", "Secret", { name: "a" }, { data: { key: "eA==" }, type: "Opaque" });
    expect(childOf(secret, options).inputs).to.deep.include({
      data: new Secret({ key: "eA==" }),
      type: "Opaque",
    });
  });

  it("stays when the chart says keep", () => {
    const kept = object("v1", "Secret", {
      name: "a",
      annotations: { "helm.sh/resource-policy": "keep" },
    });
    expect(childOf(kept, options).retainOnDelete).to.equal(true);
  });

  it("is not waited for when the chart is not", () => {
    const { inputs } = childOf(service, { ...options, skipAwait: true });
    expect(inputs["metadata"]).to.deep.equal({
      name: "nats",
      namespace: "data",
      annotations: { "pulumi.com/skipAwait": "true" },
    });
  });
});
