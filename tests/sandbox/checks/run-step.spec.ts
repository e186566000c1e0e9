import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { runStep } from "../../../sandbox/checks/run-step";
import { checkSteps } from "../../../sandbox/checks/steps";
import { checkout } from "../../../sandbox/folder";

describe("npm run check", () => {
  it("looks at types, lint, format and generated files", () => {
    const names = checkSteps.map(({ name }) => name);
    expect(names).to.include.members(["types", "lint", "format"]);
    expect(checkSteps.some(({ command }) => command.includes("--check"))).to.equal(true);
  });

  it("names only commands that exist", () => {
    const missing = checkSteps
      .map(({ command: [name] }) => name)
      .filter(
        (name) =>
          !existsSync(join(checkout, name.endsWith(".ts") ? "" : "node_modules/.bin", name)),
      );
    expect(missing).to.deep.equal([]);
  });

  it("tells that a step holds, with what it printed", async () => {
    const result = await runStep({ name: "version", command: ["tsc", "--version"] });
    expect(result.passed).to.equal(true);
    expect(result.output).to.match(/^Version \d/);
  });

  it("tells that a step fails, with what it printed", async () => {
    const result = await runStep({ name: "bad", command: ["tsc", "--no-such-option"] });
    expect(result.passed).to.equal(false);
    expect(result.output).to.include("no-such-option");
  });
});
