import { expect } from "chai";
import { demandedCondition } from "../../../../../sandbox/plugins/kubernetes/await/wait-for";
import { type Condition } from "../../../../../sandbox/plugins/kubernetes/await/condition";
import { type PlainMap } from "../../../../../sandbox/plugins/rpc/values";
import { judge, kubeObject, reasons } from "./snapshots";

function demanded(annotation: string): Condition {
  const object = kubeObject("Thing", {}, { annotations: { "pulumi.com/waitFor": annotation } });
  const condition = demandedCondition(object);
  expect(condition).to.not.equal(undefined);
  return condition as Condition;
}

const outcome = (annotation: string, status: PlainMap) =>
  judge(demanded(annotation), kubeObject("Thing", { status }, { generation: 2 })).outcome;

describe("pulumi.com/waitFor", () => {
  it("demands nothing when it is not there", () => {
    expect(demandedCondition(kubeObject("Thing", {}))).to.equal(undefined);
  });

  const ready = { conditions: [{ type: "Ready", status: "True" }] };

  it("waits for a condition to be true", () => {
    expect(outcome("condition=Ready", ready)).to.equal("ready");
    expect(outcome("condition=Ready", {})).to.equal("waiting");
    expect(outcome("condition=Synced", ready)).to.equal("waiting");
  });

  it("waits for a condition to have a status, whatever the case", () => {
    expect(outcome("condition=ready=true", ready)).to.equal("ready");
    expect(outcome("condition=Ready=False", ready)).to.equal("waiting");
  });

  it("does not believe a condition about an older version", () => {
    expect(outcome("condition=Ready", { ...ready, observedGeneration: 1 })).to.equal("waiting");
    expect(outcome("condition=Ready", { ...ready, observedGeneration: 2 })).to.equal("ready");
  });

  it("waits for a path to have a value", () => {
    const path = "jsonpath={.status.instances[0].readyReplicas}=3";
    expect(outcome(path, { instances: [{ readyReplicas: 3 }] })).to.equal("ready");
    expect(outcome(path, { instances: [{ readyReplicas: 2 }] })).to.equal("waiting");
    expect(outcome(path, {})).to.equal("waiting");
  });

  it("waits for a path to select something", () => {
    expect(outcome("jsonpath={.status.url}", { url: "x" })).to.equal("ready");
    expect(outcome("jsonpath={.status.url}", {})).to.equal("waiting");
    expect(outcome("jsonpath={.status.list}", { list: [] })).to.equal("ready");
  });

  it("reads filters, which compare with ==", () => {
    const path = 'jsonpath={.status.conditions[?(@.type=="Ready")].status}=True';
    expect(outcome(path, ready)).to.equal("ready");
  });

  it("does not believe a path of an older version", () => {
    expect(outcome("jsonpath={.status.url}", { url: "x", observedGeneration: 1 })).to.equal(
      "waiting",
    );
  });

  it("waits for all of a list", () => {
    const both = JSON.stringify(["condition=Ready", "jsonpath={.status.n}=1"]);
    expect(outcome(both, { ...ready, n: 1 })).to.equal("ready");
    expect(outcome(both, { ...ready, n: 2 })).to.equal("waiting");
    expect(outcome(both, { n: 1 })).to.equal("waiting");
  });

  it("says what it found", () => {
    const object = kubeObject("Thing", { status: { n: 2 } });
    expect(reasons(judge(demanded("jsonpath={.status.n}=1"), object))).to.include('(found "2")');
  });

  const mistakes: readonly [string, string][] = [
    ["ready", '"jsonpath=" or "condition="'],
    ["[]", "at least one"],
    ["jsonpath=.status.n", "jsonpath={.path}"],
    ["jsonpath={.status[}", "cannot be read"],
  ];
  for (const [annotation, message] of mistakes) {
    it(`refuses ${annotation}`, () => {
      expect(() => demanded(annotation)).to.throw(message);
    });
  }
});
