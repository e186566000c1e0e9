import { expect } from "chai";
import { changedVariables, withEnvironment } from "./environment";

describe("variables that a test gives the process", () => {
  const name = "SLIPWAY_ENVIRONMENT_SPEC";

  it("are there during its work, and gone when that fails", async () => {
    let seen: string | undefined;
    const error: unknown = await withEnvironment({ [name]: "here" }, () => {
      seen = process.env[name];
      return Promise.reject(new Error("broken"));
    }).catch((reason: unknown) => reason);
    expect(seen).to.equal("here");
    expect(String(error)).to.contain("broken");
    expect(process.env).to.not.have.property(name);
  });

  it("are the ambient ones again afterwards", async () => {
    await withEnvironment({ [name]: "ambient" }, async () => {
      await withEnvironment({ [name]: "inner" }, () => Promise.resolve());
      expect(process.env[name]).to.equal("ambient");
    });
  });

  it("are named when they were set, changed or taken away", () => {
    const before = { KEPT: "1", CHANGED: "1", TAKEN: "1" };
    expect(changedVariables(before, { KEPT: "1", CHANGED: "2", SET: "1" })).to.deep.equal([
      "CHANGED",
      "SET",
      "TAKEN",
    ]);
  });
});
