import { existsSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { withLock } from "../../../sandbox/processes/lock";
import { processStart } from "../../../sandbox/processes/process-identity";
import { scratchFolder } from "../scratch-folder";

describe("a lock", () => {
  const folder = scratchFolder();
  const path = () => join(folder(), "build.lock");
  const leave = (owner: object) => {
    mkdirSync(path());
    writeFileSync(join(path(), "owner.json"), JSON.stringify(owner));
  };

  it("lets one piece of work run at a time", async () => {
    const events: string[] = [];
    const work = (name: string) => async () => {
      events.push(`${name} begins`);
      await sleep(20);
      events.push(`${name} ends`);
    };
    await Promise.all([withLock(path(), work("first")), withLock(path(), work("second"))]);
    expect(events).to.deep.equal(["first begins", "first ends", "second begins", "second ends"]);
  });

  it("is gone afterwards, also when the work fails", async () => {
    const failure = await withLock(path(), () => Promise.reject(new Error("failed"))).catch(
      (error: unknown) => error,
    );
    expect(failure).to.have.property("message", "failed");
    expect(existsSync(path())).to.equal(false);
  });

  it("is taken over at once from a dead process of this machine", async () => {
    leave({ pid: process.pid, started: "another boot/1", host: hostname() });
    const waits: string[] = [];
    expect(
      await withLock(
        path(),
        () => Promise.resolve("done"),
        (by) => waits.push(by),
      ),
    ).to.equal("done");
    expect(waits).to.deep.equal([]);
  });

  it("is taken over from a process that gives no sign of life", async () => {
    leave({ pid: 1, started: "", host: "elsewhere" });
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(path(), longAgo, longAgo);
    expect(await withLock(path(), () => Promise.resolve("done"))).to.equal("done");
  });

  it("is waited for while its holder lives, and the holder is named", async () => {
    leave({ pid: process.pid, started: processStart(process.pid), host: hostname() });
    const waits: string[] = [];
    const entered = withLock(
      path(),
      () => Promise.resolve("done"),
      (by) => {
        waits.push(by);
        utimesSync(path(), new Date(0), new Date(0));
      },
    );
    expect(await entered).to.equal("done");
    expect(waits[0]).to.equal(`process ${process.pid}`);
  });
});
