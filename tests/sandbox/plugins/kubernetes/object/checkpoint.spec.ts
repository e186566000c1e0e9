import { expect } from "chai";
import {
  readCheckpoint,
  readInputs,
  writeCheckpoint,
  type Checkpoint,
} from "../../../../../sandbox/plugins/kubernetes/object/checkpoint";
import {
  containsSecret,
  Secret,
  type PropertyMap,
} from "../../../../../sandbox/plugins/rpc/values";

const secretInputs = { apiVersion: "v1", kind: "Secret", data: { password: "eA==" } };

describe("what the state keeps of an object", () => {
  const checkpoint: Checkpoint = {
    inputs: secretInputs,
    live: { ...secretInputs, metadata: { uid: "1" } },
    fieldManager: "pulumi-kubernetes-12345678",
    initialApiVersion: "v1",
  };

  it("is read as it was written", () => {
    const state = writeCheckpoint(checkpoint, {});
    expect(readCheckpoint(state)).to.deep.equal(checkpoint);
  });

  it("hides the data of a Secret, in the object and in the inputs", () => {
    const state = writeCheckpoint(checkpoint, {});
    expect(state["data"]).to.be.instanceOf(Secret);
    expect((state["__inputs"] as PropertyMap)["data"]).to.be.instanceOf(Secret);
    expect(JSON.stringify(state["metadata"])).to.include("uid");
  });

  it("hides in an object what was secret in its inputs, and no more", () => {
    const origin: PropertyMap = { spec: { token: new Secret("x"), open: "y" } };
    const live = { apiVersion: "example.com/v1", kind: "Thing", spec: { token: "x", open: "y" } };
    const state = writeCheckpoint({ ...checkpoint, inputs: live, live }, origin);
    expect(state["spec"]).to.deep.equal({ token: new Secret("x"), open: "y" });
  });

  it("hides a whole list when one of its elements was secret", () => {
    const origin: PropertyMap = { list: ["a", new Secret("b")] };
    const live = { list: ["b", "a"] };
    const state = writeCheckpoint({ ...checkpoint, inputs: {}, live }, origin);
    expect(containsSecret(state["list"] as PropertyMap)).to.equal(true);
  });

  it("spells a schema's extensions as the SDK does, and as Kubernetes does again", () => {
    const live = { schema: [{ "x-kubernetes-list-map-keys": ["a"] }] };
    const state = writeCheckpoint({ ...checkpoint, inputs: {}, live }, {});
    expect(state["schema"]).to.deep.equal([{ x_kubernetes_list_map_keys: ["a"] }]);
    expect(readInputs({ schema: state["schema"] ?? null })).to.deep.equal(live);
  });
});
