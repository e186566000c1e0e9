import { expect } from "chai";
import { declaredObjects } from "../../../operations/drift/declared";

const secret = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "v1:canary",
};
const settings = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "b" } };

/** A resource of the state, with fields set anew. */
function resource(changes: object = {}) {
  return {
    urn: "urn:a",
    type: "kubernetes:core/v1:ConfigMap",
    custom: true,
    inputs: settings,
    outputs: { __fieldManager: "pulumi-kubernetes-1" },
    ...changes,
  };
}
const declared = (...resources: readonly object[]) =>
  declaredObjects({ deployment: { resources } });

describe("the declared objects of a state", () => {
  it("are what the program set, with the provider's field manager and what it leaves to others", () => {
    expect(declared(resource({ ignoreChanges: ["spec.replicas"] }))).to.deep.equal([
      {
        urn: "urn:a",
        object: settings,
        fieldManager: "pulumi-kubernetes-1",
        ignored: ["spec.replicas"],
      },
    ]);
  });

  it("hold no secret, not even its cipher text", () => {
    const inputs = { ...settings, kind: "Secret", stringData: { password: secret } };
    const [object] = declared(resource({ inputs }));
    expect(object?.object).to.have.deep.property("stringData", { password: "[secret]" });
  });

  for (const [title, changes] of [
    ["components", { custom: false }],
    ["what is only read", { external: true }],
    ["what a replacement has left to be deleted", { delete: true }],
    ["Helm releases", { type: "kubernetes:helm.sh/v3:Release", inputs: { chart: "nats" } }],
    ["random values", { type: "random:index:RandomPassword", inputs: { length: 20 } }],
  ] as const) {
    it(`leave out ${title}`, () => {
      expect(declared(resource(changes))).to.deep.equal([]);
    });
  }

  it("are none in a stack that was never updated", () => {
    expect(declaredObjects({ deployment: {} })).to.deep.equal([]);
  });
});
