import { expect } from "chai";
import { parseImage } from "../../../policy/core/image";

describe("parseImage", () => {
  it("takes a bare name for an official image of Docker Hub", () => {
    expect(parseImage("nginx")).to.deep.equal({
      registry: "docker.io",
      repository: "library/nginx",
      tag: undefined,
      digest: undefined,
    });
  });

  it("does not take a registry's port for a tag", () => {
    const { registry, repository, tag } = parseImage("localhost:5000/team/app") ?? {};
    expect([registry, repository, tag]).to.deep.equal(["localhost:5000", "team/app", undefined]);
  });

  it("reads tag and digest together", () => {
    const { tag, digest } = parseImage("registry.example/app:1.2@sha256:abc") ?? {};
    expect([tag, digest]).to.deep.equal(["1.2", "sha256:abc"]);
  });

  it("takes a tag behind an @ for no digest", () => {
    expect(parseImage("app@latest")?.digest).to.equal(undefined);
  });

  it("takes a first part without a dot for a user of Docker Hub", () => {
    expect(parseImage("team/app:1")?.registry).to.equal("docker.io");
  });

  it("finds nothing in an empty reference or another type", () => {
    expect([parseImage(""), parseImage(undefined), parseImage(7)]).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
