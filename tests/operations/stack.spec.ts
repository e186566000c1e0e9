import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { openStack } from "../../operations/stack";

describe("the stack that an operation is about", () => {
  let folder: string;
  const before = process.env["SLIPWAY_SANDBOX"];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-stack-"));
    process.env["SLIPWAY_SANDBOX"] = folder;
  });
  afterEach(() => {
    if (before === undefined) {
      delete process.env["SLIPWAY_SANDBOX"];
    } else {
      process.env["SLIPWAY_SANDBOX"] = before;
    }
    rmSync(folder, { recursive: true });
  });

  for (const name of ["sandbox", "sandbox-platform", "sandbox-storefront"]) {
    it(`is the sandbox's, with its CLI and cluster, where its file says so: ${name}`, () => {
      expect(() => openStack(name).cluster()).to.throw(
        join(folder, "stacks", `Pulumi.${name}.yaml`),
      );
    });
  }

  it("is the user's otherwise, by its name alone or with organization and project", () => {
    expect(openStack("staging").cluster()).to.include({ context: "staging" });
    expect(openStack("acme/slipway/staging").cluster()).to.include({ context: "staging" });
  });
});
