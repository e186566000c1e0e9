import { expect } from "chai";
import { parseImage } from "../../components/kit/image-reference";

const digest = `sha256:${"0a".repeat(32)}`;

describe("an image reference", () => {
  it("has a repository and a tag", () => {
    expect(parseImage("registry.example.com/team/app:1.4.2")).to.deep.equal({
      repository: "registry.example.com/team/app",
      tag: "1.4.2",
      digest: undefined,
    });
  });

  it("may have a digest, in place of a tag or beside it", () => {
    expect(parseImage(`team/app@${digest}`)).to.deep.equal({
      repository: "team/app",
      tag: undefined,
      digest,
    });
    expect(parseImage(`team/app:1@${digest}`)).to.include({ tag: "1", digest });
  });

  it("has no tag when the only colon belongs to the registry's port", () => {
    expect(parseImage("registry:5000/app")).to.include({
      repository: "registry:5000/app",
      tag: undefined,
    });
    expect(parseImage("registry:5000/app:2")).to.include({
      repository: "registry:5000/app",
      tag: "2",
    });
  });
});
