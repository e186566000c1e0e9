import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { deploy } from "./mocks";

describe("a program on mocks", () => {
  it("is a preview where it is to be one, and leaves none behind for what comes after it", async () => {
    const seen: boolean[] = [];
    const look = (): number => seen.push(pulumi.runtime.isDryRun());
    await deploy(look, { preview: true });
    look();
    await deploy(look);
    expect(seen).to.deep.equal([true, false, false]);
  });

  it("leaves no preview behind where the program throws", async () => {
    const refused = deploy(() => Promise.reject(new Error("refused")), { preview: true });
    expect(await refused.catch((error: Error) => error.message)).to.equal("refused");
    expect(pulumi.runtime.isDryRun()).to.equal(false);
  });
});
