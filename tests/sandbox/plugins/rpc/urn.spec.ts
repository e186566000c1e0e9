import { expect } from "chai";
import { nameOfUrn, typeOfUrn } from "../../../../sandbox/plugins/rpc/urn";

describe("a URN", () => {
  const urn =
    "urn:pulumi:dev::shop::app:Room$kubernetes:helm.sh/v4:Chart$kubernetes:apps/v1:Deployment::bus:data/nats";

  it("ends with the resource's type and name, after its parents' types", () => {
    expect(typeOfUrn(urn)).to.equal("kubernetes:apps/v1:Deployment");
    expect(nameOfUrn(urn)).to.equal("bus:data/nats");
  });

  it("has a type of its own without parents", () => {
    expect(typeOfUrn("urn:pulumi:dev::shop::random:index/randomId:RandomId::a::b")).to.equal(
      "random:index/randomId:RandomId",
    );
    expect(nameOfUrn("urn:pulumi:dev::shop::random:index/randomId:RandomId::a::b")).to.equal(
      "a::b",
    );
  });
});
