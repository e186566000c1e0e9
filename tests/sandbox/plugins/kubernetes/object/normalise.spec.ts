import { expect } from "chai";
import { normaliseInputs } from "../../../../../sandbox/plugins/kubernetes/object/normalise";
import { Unknown } from "../../../../../sandbox/plugins/rpc/values";

const metadata = { name: "a" };

describe("inputs in the server's form", () => {
  it("have stringData in data, where it wins", () => {
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata,
      stringData: { a: "text" },
      data: { a: "b2xk", b: "b2xk" },
    };
    expect(normaliseInputs(secret)).to.deep.equal({
      apiVersion: "v1",
      kind: "Secret",
      metadata,
      data: { a: Buffer.from("text").toString("base64"), b: "b2xk" },
    });
  });

  it("have data without line breaks", () => {
    const secret = { apiVersion: "v1", kind: "Secret", metadata, data: { a: "b2\nxk\n" } };
    expect(normaliseInputs(secret)["data"]).to.deep.equal({ a: "b2xk" });
  });

  it("have no nulls in built-in kinds, at any depth", () => {
    const service = {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { ports: [{ port: 1, name: null }], type: null },
    };
    expect(normaliseInputs(service)["spec"]).to.deep.equal({ ports: [{ port: 1 }] });
  });

  it("keep the nulls of custom resources", () => {
    const custom = { apiVersion: "example.com/v1", kind: "Thing", metadata, spec: { a: null } };
    expect(normaliseInputs(custom)).to.deep.equal(custom);
  });

  it("have no status, and no preserveUnknownFields of false, in a definition", () => {
    const definition = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata,
      spec: { preserveUnknownFields: false, group: "x" },
      status: {},
    };
    expect(normaliseInputs(definition)).to.deep.equal({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata,
      spec: { group: "x" },
    });
  });

  it("have none of the metadata that only the server writes", () => {
    const object = {
      apiVersion: "example.com/v1",
      kind: "Thing",
      metadata: { name: "a", uid: "1", resourceVersion: "2", managedFields: [], generation: 3 },
    };
    expect(normaliseInputs(object)["metadata"]).to.deep.equal({ name: "a" });
  });

  it("stay as they are while a value is unknown", () => {
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata,
      stringData: { a: Unknown.instance },
    };
    expect(normaliseInputs(secret)).to.deep.equal(secret);
  });
});
