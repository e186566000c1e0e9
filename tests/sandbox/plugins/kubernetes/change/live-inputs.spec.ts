import { expect } from "chai";
import {
  adoptedInputs,
  liveInputs,
} from "../../../../../sandbox/plugins/kubernetes/change/live-inputs";

describe("the inputs of an object that changed on the cluster", () => {
  const inputs = { data: { a: "1" }, cpu: "1000m", list: [{ name: "x", image: "i:1" }] };
  const before = {
    data: { a: "1" },
    cpu: "1",
    list: [{ name: "x", image: "i:1", policy: "Always" }],
    status: "s",
  };

  it("are the program's when nothing changed, in the program's spelling", () => {
    expect(liveInputs(inputs, before, structuredClone(before))).to.deep.equal(inputs);
  });

  it("have the values that changed", () => {
    const now = { ...before, data: { a: "2" } };
    expect(liveInputs(inputs, before, now)).to.deep.equal({ ...inputs, data: { a: "2" } });
  });

  it("do not have what the program never set", () => {
    const now = { ...before, status: "t", data: { a: "1", b: "2" } };
    expect(liveInputs(inputs, before, now)).to.deep.equal(inputs);
  });

  it("lose what was deleted", () => {
    const { data, list, status } = before;
    const now = { data, list, status };
    expect(liveInputs(inputs, before, now)).to.not.have.property("cpu");
  });

  it("change within lists, element by element", () => {
    const now = { ...before, list: [{ name: "x", image: "i:2", policy: "Always" }] };
    expect(liveInputs(inputs, before, now)["list"]).to.deep.equal([{ name: "x", image: "i:2" }]);
  });

  it("have the whole list when its length changed", () => {
    const now = { ...before, list: [] };
    expect(liveInputs(inputs, before, now)["list"]).to.deep.equal([]);
  });
});

describe("the inputs of an object no program wrote", () => {
  it("are everything but what the server alone writes", () => {
    const live = {
      apiVersion: "v1",
      metadata: {
        name: "a",
        uid: "1",
        annotations: { "deployment.kubernetes.io/revision": "1", mine: "x" },
      },
      spec: { a: 1 },
      status: {},
    };
    expect(adoptedInputs(live)).to.deep.equal({
      apiVersion: "v1",
      metadata: { name: "a", annotations: { mine: "x" } },
      spec: { a: 1 },
    });
  });
});
