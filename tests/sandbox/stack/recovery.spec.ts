import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { sandboxFolder } from "../../../sandbox/folder";
import {
  clearPendingOperations,
  clearStaleLocks,
  stateFile,
} from "../../../sandbox/stack/recovery";
import { scratchFolder } from "../scratch-folder";

describe("what an interrupted run leaves behind", () => {
  const scratch = scratchFolder();
  const folder = () => sandboxFolder(scratch());
  const lock = (stack: string, content: string) => {
    const file = join(folder().state, ".pulumi/locks/organization/slipway", stack, "lock.json");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  };
  const state = (content: object) => {
    const file = stateFile(folder(), "sandbox");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(content));
  };

  it("is a lock of a dead process, which is removed", () => {
    const file = lock("sandbox", JSON.stringify({ pid: 2 ** 30 }));
    expect(clearStaleLocks(folder(), "sandbox")).to.equal(1);
    expect(existsSync(file)).to.equal(false);
  });

  it("is a lock that was cut short, which is removed", () => {
    lock("sandbox", '{"pi');
    expect(clearStaleLocks(folder(), "sandbox")).to.equal(1);
  });

  it("is not the lock of a process that runs", () => {
    const file = lock("sandbox", JSON.stringify({ pid: process.pid }));
    expect(clearStaleLocks(folder(), "sandbox")).to.equal(0);
    expect(existsSync(file)).to.equal(true);
  });

  it("is not the lock of another stack", () => {
    const file = lock("other", JSON.stringify({ pid: 2 ** 30 }));
    expect(clearStaleLocks(folder(), "sandbox")).to.equal(0);
    expect(existsSync(file)).to.equal(true);
  });

  it("is pending operations, which are taken out of the state and nothing else is", async () => {
    state({ checkpoint: { latest: { pending_operations: [{ type: "creating" }] } } });
    let imported: unknown;
    const cleared = await clearPendingOperations(folder(), "sandbox", (args) => {
      const file = args.at(-1)?.replace("--file=", "") ?? "";
      if (args[1] === "export") {
        const deployment = { resources: [{ urn: "a" }], pending_operations: [{}] };
        writeFileSync(file, JSON.stringify({ version: 3, deployment }));
      } else {
        imported = JSON.parse(readFileSync(file, "utf8"));
      }
      return Promise.resolve({ code: 0, stdout: "", stderr: "" });
    });
    expect(cleared).to.equal(true);
    expect(imported).to.deep.equal({ version: 3, deployment: { resources: [{ urn: "a" }] } });
  });

  it("is nothing in a state without pending operations, and the CLI is not started", async () => {
    state({ checkpoint: { latest: { resources: [] } } });
    const cleared = await clearPendingOperations(folder(), "sandbox", () =>
      Promise.reject(new Error("started")),
    );
    expect(cleared).to.equal(false);
  });

  it("is told when the state cannot be exported", async () => {
    state({ checkpoint: { latest: { pending_operations: [{}] } } });
    const failure = await clearPendingOperations(folder(), "sandbox", () =>
      Promise.resolve({ code: 1, stdout: "", stderr: "bad state" }),
    ).catch((error: unknown) => error);
    expect(failure).to.have.property("message").that.includes("bad state");
  });
});
