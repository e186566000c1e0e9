import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";

const root = join(__dirname, "..");

/** A function that the SDK asks who called it, called by another one. */
const program = `
const { Resource } = require("@pulumi/pulumi");
const inner = () => Resource.stackTrace(1);
const outer = () => inner();
console.log(JSON.stringify(outer().map((call) => call?.line)));
`;

function lines(code: string): readonly number[] {
  const args = ["--input-type=commonjs", "-e", code];
  const printed = execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  return JSON.parse(printed) as readonly number[];
}

describe("the SDK as our programs load it", function () {
  this.timeout(60_000);

  it("registers where a resource is made, and not the calls that led there", () => {
    expect(lines(program).slice(0, 2)).to.deep.equal([3, 4]);
    expect(lines(`require("./lazy-sdk.js");${program}`)).to.deep.equal([3]);
  });
});
