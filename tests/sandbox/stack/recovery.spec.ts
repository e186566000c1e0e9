import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { sandboxFolder } from "../../../sandbox/folder";
import { clearInterruptedRuns, stateFile } from "../../../sandbox/stack/recovery";
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
  it("is a lock of a dead process, which is removed", () => {
    const file = lock("sandbox", JSON.stringify({ pid: 2 ** 30 }));
    expect(clearInterruptedRuns(folder(), "sandbox")).to.equal(1);
    expect(existsSync(file)).to.equal(false);
  });

  it("is a lock that was cut short, which is removed", () => {
    lock("sandbox", '{"pi');
    expect(clearInterruptedRuns(folder(), "sandbox")).to.equal(1);
  });

  it("is not the lock of a process that runs", () => {
    const file = lock("sandbox", JSON.stringify({ pid: process.pid }));
    expect(clearInterruptedRuns(folder(), "sandbox")).to.equal(0);
    expect(existsSync(file)).to.equal(true);
  });

  it("is not the lock of another stack", () => {
    const file = lock("other", JSON.stringify({ pid: 2 ** 30 }));
    expect(clearInterruptedRuns(folder(), "sandbox")).to.equal(0);
    expect(existsSync(file)).to.equal(true);
  });

  /** The attributes that the backend keeps beside a stack's state. */
  const attributes = (content: string) => {
    const file = `${stateFile(folder(), "sandbox")}.attrs`;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  };

  it("is attributes that were cut short, which keep the state from being read and are removed", () => {
    const file = attributes("");
    clearInterruptedRuns(folder(), "sandbox");
    expect(existsSync(file)).to.equal(false);
  });

  it("is not attributes that are whole", () => {
    const file = attributes("{}");
    clearInterruptedRuns(folder(), "sandbox");
    expect(existsSync(file)).to.equal(true);
  });

  it("is not attributes that a running process is writing", () => {
    lock("sandbox", JSON.stringify({ pid: process.pid }));
    const file = attributes("");
    clearInterruptedRuns(folder(), "sandbox");
    expect(existsSync(file)).to.equal(true);
  });
});
