import { expect } from "chai";
import { dependencies, waves } from "../../../../../sandbox/plugins/kubernetes/chart/order";
import {
  nameOf,
  type KubeObject,
} from "../../../../../sandbox/plugins/kubernetes/object/kube-object";
import { type PlainMap } from "../../../../../sandbox/plugins/rpc/values";

function object(
  apiVersion: string,
  kind: string,
  metadata: PlainMap,
  spec: PlainMap = {},
): KubeObject {
  return { apiVersion, kind, metadata, spec };
}

const namespace = object("v1", "Namespace", { name: "data" });
const config = object("v1", "ConfigMap", { name: "config", namespace: "data" });
const other = object("v1", "ConfigMap", { name: "other", namespace: "elsewhere" });
const definition = object(
  "apiextensions.k8s.io/v1",
  "CustomResourceDefinition",
  { name: "things.example.com" },
  { group: "example.com", names: { kind: "Thing" } },
);
const thing = object("example.com/v1", "Thing", { name: "thing", namespace: "data" });

function named(objects: readonly KubeObject[]): readonly (readonly string[])[] {
  return waves(dependencies(objects)).map((wave) => wave.map(nameOf));
}

describe("the order of a chart's objects", () => {
  it("has a namespace before what lives in it, and a definition before its objects", () => {
    expect(named([thing, config, definition, namespace, other])).to.deep.equal([
      ["things.example.com", "data", "other"],
      ["thing", "config"],
    ]);
  });

  it("follows the annotation, with and without a namespace", () => {
    const annotated = (annotation: string): KubeObject =>
      object("v1", "ConfigMap", {
        name: "last",
        annotations: { "config.kubernetes.io/depends-on": annotation },
      });
    expect(named([annotated("/namespaces/data/ConfigMap/config"), config])).to.deep.equal([
      ["config"],
      ["last"],
    ]);
    expect(named([annotated("/Namespace/data"), namespace])).to.deep.equal([["data"], ["last"]]);
  });

  it("cannot be a circle", () => {
    const needing = (name: string, needed: string): KubeObject =>
      object("v1", "Service", {
        name,
        namespace: "n",
        annotations: { "config.kubernetes.io/depends-on": `/namespaces/n/Service/${needed}` },
      });
    expect(() => named([needing("a", "b"), needing("b", "a")])).to.throw("Service a, Service b");
  });
});
