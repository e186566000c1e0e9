import { expect } from "chai";
import { imageProblems } from "../../components/settings/image-problems";

describe("what a stack file says of its pull Secrets", () => {
  const platform = { externalSecrets: { stores: { vault: {} } } };
  const from = { store: "vault" };
  const images = { pullSecrets: ["registry"], pullSecretsFrom: from };
  const problemsOf = (changes: object, rest: object = { platform }): string =>
    imageProblems({ images: { ...images, ...changes }, ...rest })
      .map(({ path, message }) => `${path} ${message}`)
      .join();

  it("may leave it to somebody else to make them", () => {
    expect(problemsOf({ pullSecretsFrom: undefined, mirror: "mirror.example.com" })).to.equal("");
  });

  it("may have them carried from a store", () => {
    expect(problemsOf({})).to.equal("");
  });

  it("has to say how External Secrets itself is pulled from a mirror", () => {
    const mirror = "mirror.example.com";
    expect(problemsOf({ mirror })).to.match(
      /^slipway:images\.pullSecretsFrom\.bootstrap is missing; .* you make that Secret in the namespace/,
    );
    for (const bootstrap of ["secret", "nodes"]) {
      expect(problemsOf({ mirror, pullSecretsFrom: { ...from, bootstrap } })).to.equal("");
    }
  });

  it("names the Secrets, and a store of the stack", () => {
    expect(problemsOf({ pullSecrets: [] })).to.match(/^slipway:images\.pullSecrets is empty/);
    expect(problemsOf({ pullSecretsFrom: { store: "valut" } })).to.match(
      /pullSecretsFrom\.store got "valut"; it has to be one of .* which has vault\.$/,
    );
    expect(problemsOf({ pullSecretsFrom: { ...from, secrets: { registri: "x" } } })).to.match(
      /secrets\.registri is none of slipway:images\.pullSecrets, which has registry\.$/,
    );
  });

  it("leaves them to the stack that has the platform", () => {
    expect(problemsOf({}, {})).to.match(/^slipway:images\.pullSecretsFrom has to be left out/);
  });
});
