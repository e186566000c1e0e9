import { expect } from "chai";
import {
  assignName,
  fieldManagerName,
  isAutonamed,
  type NameSource,
} from "../../../../../sandbox/plugins/kubernetes/object/names";
import { nameOf } from "../../../../../sandbox/plugins/kubernetes/object/kube-object";
import { Unknown } from "../../../../../sandbox/plugins/rpc/values";

const source: NameSource = { resourceName: "web", seed: new Uint8Array([1, 2, 3]) };

describe("a name", () => {
  it("is the program's when it gives one, even one not known yet", () => {
    for (const name of ["given", Unknown.instance]) {
      const inputs = { metadata: { name } };
      expect(assignName(inputs, source)).to.equal(inputs);
    }
  });

  it("is made from the resource's name, the same in preview and update", () => {
    const first = assignName({}, source);
    expect(nameOf(first)).to.match(/^web-[0-9a-f]{8}$/);
    expect(assignName({}, source)).to.deep.equal(first);
    expect(isAutonamed(first)).to.equal(true);
  });

  it("stays what it was when the provider had chosen it", () => {
    const oldInputs = assignName({}, source);
    const now = assignName({}, { ...source, seed: new Uint8Array([9]), oldInputs });
    expect(nameOf(now)).to.equal(nameOf(oldInputs));
  });

  it("is the engine's proposal when there is one", () => {
    const autonaming = { proposedName: "proposed", disabled: false };
    expect(nameOf(assignName({}, { ...source, autonaming }))).to.equal("proposed");
  });

  it("must be given when the engine makes none", () => {
    const autonaming = { proposedName: "", disabled: true };
    expect(() => assignName({}, { ...source, autonaming })).to.throw("Set metadata.name");
  });

  it("may not be left to the server", () => {
    const inputs = { metadata: { generateName: "web-" } };
    expect(() => assignName(inputs, source)).to.throw("generateName");
  });
});

describe("a field manager", () => {
  it("is the annotation's, else the state's, else new", () => {
    const annotated = { metadata: { annotations: { "pulumi.com/patchFieldManager": "mine" } } };
    expect(fieldManagerName(annotated, "kept")).to.equal("mine");
    expect(fieldManagerName({}, "kept")).to.equal("kept");
    expect(fieldManagerName({}, "")).to.match(/^pulumi-kubernetes-[0-9a-f]{8}$/);
  });
});
