import { expect } from "chai";
import {
  markSecrets,
  RANDOM_RESOURCES,
  type RandomResource,
} from "../../../../sandbox/plugins/random/resources";
import { Secret } from "../../../../sandbox/plugins/rpc/values";

function resource(name: string): RandomResource {
  const found = RANDOM_RESOURCES[`random:index/random${name}:Random${name}`];
  expect(found, name).to.not.equal(undefined);
  return found as RandomResource;
}

describe("the random plugin's resources", () => {
  it("keep a password secret and its id meaningless", () => {
    const password = resource("Password");
    const { id, outputs } = password.create({ ...password.defaults, length: 8 });
    expect(id).to.equal("none");
    const result = markSecrets(password, outputs)["result"];
    expect(result).to.be.instanceOf(Secret);
    expect((result as Secret).value).to.have.length(8);
  });

  it("show a string, which is also its id", () => {
    const text = resource("String");
    const { id, outputs } = text.create({ ...text.defaults, length: 8 });
    expect(markSecrets(text, outputs)).to.deep.equal({ result: id });
  });

  it("write the same identifier in each notation, after the prefix", () => {
    const { id, outputs } = resource("Id").create({ byteLength: 4, prefix: "p-" });
    const bytes = Buffer.from(id, "base64url");
    expect(bytes).to.have.length(4);
    expect(outputs).to.deep.equal({
      hex: `p-${bytes.toString("hex")}`,
      dec: `p-${bytes.readUInt32BE()}`,
      b64Std: `p-${bytes.toString("base64")}`,
      b64Url: `p-${id}`,
    });
  });

  it("refuse an identifier of no bytes", () => {
    expect(resource("Id").problems({ byteLength: 0 })[0]?.reason).to.include("byteLength is 0");
  });
});
