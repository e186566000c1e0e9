import { expect } from "chai";
import fc from "fast-check";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import {
  containsSecret,
  containsUnknown,
  decodeStruct,
  encodeStruct,
  revealMap,
  Secret,
  Unknown,
  type PropertyMap,
} from "../../../../sandbox/plugins/rpc/values";

const SIGNATURE = "4dabf18193072939515e22adb298388d";

describe("values on the wire", () => {
  it("come back as they went, secrets and unknowns included", () => {
    const values: PropertyMap = {
      text: "a",
      nothing: null,
      list: [1, true, { inner: new Secret({ password: "x" }) }],
      later: Unknown.instance,
    };
    expect(decodeStruct(encodeStruct(values))).to.deep.equal(values);
  });

  it("come back as they went, whatever plain values they are", () => {
    const values = fc.dictionary(
      fc.stringMatching(/^[a-z.]{1,8}$/),
      fc.jsonValue({ maxDepth: 3 }),
      {
        noNullPrototype: true,
      },
    );
    fc.assert(
      fc.property(values, (given) => {
        // JSON has no negative zero.
        const plain = JSON.parse(JSON.stringify(given)) as PropertyMap;
        fc.pre(!JSON.stringify(given).includes("__proto__"));
        expect(decodeStruct(encodeStruct(plain))).to.deep.equal(plain);
      }),
    );
  });

  it("read an output that has no value as unknown", () => {
    const struct = Struct.fromJavaScript({
      a: { [SIGNATURE]: "d0e6a833031e9bbcd3f4e8bde6ca49a4" },
    });
    expect(decodeStruct(struct)["a"]).to.equal(Unknown.instance);
  });

  it("read an output with a secret value as a secret", () => {
    const struct = Struct.fromJavaScript({
      a: { [SIGNATURE]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", value: "x", secret: true },
    });
    expect(decodeStruct(struct)["a"]).to.deep.equal(new Secret("x"));
  });

  it("read a missing message as no values", () => {
    expect(decodeStruct(undefined)).to.deep.equal({});
  });

  it("tell whether a secret or an unknown is in them, however deep", () => {
    const deep = (value: PropertyMap[string]): PropertyMap => ({ a: [{ b: new Secret(value) }] });
    expect(containsSecret(deep("x"))).to.equal(true);
    expect(containsUnknown(deep(Unknown.instance))).to.equal(true);
    expect(containsUnknown(deep("x"))).to.equal(false);
    expect(containsSecret({ a: ["x"] })).to.equal(false);
  });

  it("can be revealed", () => {
    expect(revealMap({ a: [new Secret({ b: new Secret("x") })] })).to.deep.equal({
      a: [{ b: "x" }],
    });
  });
});
