import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { sandboxFolder } from "../../../sandbox/folder";
import { clearInterruptedRuns, stateFile, waitForStack } from "../../../sandbox/stack/recovery";
import { type Progress, silentProgress } from "../../../sandbox/terminal/progress";
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

  it("is waited for while it still runs, by its process, and not once that has ended", async () => {
    const titles: string[] = [];
    const step: Progress["step"] = (title, work) => {
      titles.push(title);
      return work(() => undefined);
    };
    const file = lock("sandbox", JSON.stringify({ pid: process.pid }));
    const waiting = waitForStack(folder(), "sandbox", { ...silentProgress, step });
    expect(await Promise.race([waiting, sleep(300, "still waiting")])).to.equal("still waiting");
    rmSync(file);
    await waiting;
    lock("sandbox", JSON.stringify({ pid: 2 ** 30 }));
    await waitForStack(folder(), "sandbox", { ...silentProgress, step });
    expect(titles).to.deep.equal([
      `Waiting for the run that holds stack sandbox (process ${process.pid})`,
    ]);
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
