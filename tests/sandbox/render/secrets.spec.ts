import { expect } from "chai";
import { maskObject, maskSecrets } from "../../../sandbox/render/secrets";
import { encrypted, secret, unknown } from "./recorded";

describe("masking secrets", () => {
  it("masks each leaf of a secret and keeps the keys", () => {
    const masked = maskSecrets({
      stringData: secret({ user: "shop", nested: { list: ["a", 1] } }),
    });
    expect(masked).to.deep.equal({
      stringData: { user: "[secret]", nested: { list: ["[secret]", "[secret]"] } },
    });
  });

  it("masks a secret inside a secret", () => {
    expect(maskSecrets(secret({ password: secret("canary") }))).to.deep.equal({
      password: "[secret]",
    });
  });

  it("masks a secret as a whole when the plan has it only encrypted", () => {
    expect(maskSecrets({ key: encrypted("v1:abc") })).to.deep.equal({
      key: "[secret]",
    });
  });

  it("names what is only known after a deployment", () => {
    expect(maskSecrets({ uid: unknown, list: [unknown] })).to.deep.equal({
      uid: "[unknown]",
      list: ["[unknown]"],
    });
  });

  it("leaves plain values as they are", () => {
    const plain = { replicas: 3, paused: false, none: null, list: ["a"] };
    expect(maskSecrets(plain)).to.deep.equal(plain);
  });

  it("masks the values of a Secret that nobody marked", () => {
    const object = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "credentials" },
      data: { password: "Y2FuYXJ5" },
      stringData: { user: "canary" },
    };
    expect(JSON.stringify(maskObject(object))).not.to.match(/canary|Y2FuYXJ5/);
    expect(maskObject(object)).to.have.nested.property("data.password", "[secret]");
  });

  it("leaves the data of a ConfigMap readable", () => {
    const object = { apiVersion: "v1", kind: "ConfigMap", data: { level: "info" } };
    expect(maskObject(object)).to.deep.equal(object);
  });
});
