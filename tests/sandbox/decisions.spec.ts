import { join } from "node:path";
import { expect } from "chai";
import { decide, readDecisions } from "../../sandbox/decisions";
import { scratchFolder } from "./scratch-folder";

describe("what was decided for a sandbox", () => {
  const scratch = scratchFolder();

  it("is kept where a tool is looked for before there is a cluster, and added to", () => {
    const file = join(scratch(), "new", "decisions.json");
    expect(readDecisions(file)).to.deep.equal({});
    decide(file, { plugins: "stand-ins" });
    decide(file, { charts: "stand-ins" });
    expect(readDecisions(file)).to.deep.equal({ plugins: "stand-ins", charts: "stand-ins" });
  });
});
