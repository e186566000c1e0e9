import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { sandboxFolder } from "../../../sandbox/folder";
import { stateFile } from "../../../sandbox/stack/recovery";
import { prepareStack } from "../../../sandbox/stack/scratch";
import { scratchFolder } from "../scratch-folder";

describe("the stack of a sandbox", () => {
  const scratch = scratchFolder();

  it("is made once by two commands at once, and both have its file", async () => {
    const folder = sandboxFolder(scratch());
    const calls: string[] = [];
    const pulumi = async (args: readonly string[]) => {
      calls.push(args.slice(1, 4).join(" "));
      await sleep(50);
      const state = stateFile(folder, "sandbox");
      mkdirSync(dirname(state), { recursive: true });
      writeFileSync(state, "{}");
      return { code: 0, stdout: "", stderr: "" };
    };
    const facts = { context: "here", identity: "uid", simulated: true };
    const files = await Promise.all(
      [1, 2].map(() => prepareStack(folder, "sandbox", facts, pulumi)),
    );
    expect(calls).to.deep.equal(["stack init sandbox"]);
    expect(files[0]).to.equal(files[1]);
    expect(readFileSync(files[0] ?? "", "utf8")).to.contain("context: here");
  });
});
