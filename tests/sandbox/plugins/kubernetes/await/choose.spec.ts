import { expect } from "chai";
import {
  readCondition,
  writtenCondition,
} from "../../../../../sandbox/plugins/kubernetes/await/choose";
import { deploymentCondition } from "../../../../../sandbox/plugins/kubernetes/await/deployment";
import { awaitTimeout } from "../../../../../sandbox/plugins/kubernetes/await/timeout";
import { type KubeObject } from "../../../../../sandbox/plugins/kubernetes/object/kube-object";
import { type PlainMap } from "../../../../../sandbox/plugins/rpc/values";

function object(apiVersion: string, kind: string, annotations: PlainMap = {}): KubeObject {
  return { apiVersion, kind, metadata: { name: "a", annotations } };
}

describe("what is waited for", () => {
  it("is the condition of the kind", () => {
    expect(writtenCondition(object("apps/v1", "Deployment"))).to.equal(deploymentCondition);
  });

  it("is nothing for a kind without one", () => {
    expect(writtenCondition(object("v1", "ConfigMap"))).to.equal(undefined);
    expect(writtenCondition(object("example.com/v1", "Deployment"))).to.equal(undefined);
  });

  it("is what the annotation demands, instead of the kind's condition", () => {
    const waitFor = { "pulumi.com/waitFor": "condition=Available" };
    const condition = writtenCondition(object("apps/v1", "Deployment", waitFor));
    expect(condition).to.not.equal(undefined);
    expect(condition).to.not.equal(deploymentCondition);
  });

  it("is nothing when skipAwait says so", () => {
    const skip = { "pulumi.com/skipAwait": "true" };
    expect(writtenCondition(object("apps/v1", "Deployment", skip))).to.equal(undefined);
    expect(readCondition(object("apps/v1", "Deployment", skip))).to.equal(undefined);
  });
});

describe("how long is waited", () => {
  const annotated = object("v1", "Pod", { "pulumi.com/timeoutSeconds": "30" });

  it("is the resource's own time-out before the annotation's", () => {
    expect(awaitTimeout(5, annotated)).to.equal(5_000);
    expect(awaitTimeout(0, annotated)).to.equal(30_000);
  });

  it("is ten minutes otherwise", () => {
    expect(awaitTimeout(0, object("v1", "Pod"))).to.equal(600_000);
  });
});
