import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import {
  commandDigest,
  isRunning,
  startDaemon,
  stopProcesses,
  tail,
} from "../../../sandbox/processes/daemon";
import { Ledger } from "../../../sandbox/processes/ledger";
import { until } from "../../../sandbox/processes/until";
import { Failure } from "../../../sandbox/terminal/failure";
import { scratchFolder } from "../scratch-folder";

describe("a daemon of the sandbox", () => {
  const folder = scratchFolder();
  const ledger = () => new Ledger(join(folder(), "processes.json"));
  const log = () => join(folder(), "daemon.log");
  const daemon = (script: string) => ({
    name: "daemon",
    file: process.execPath,
    args: ["-e", script],
    log: log(),
  });
  const forever = "console.log('ready'); setInterval(() => 0, 1000);";
  const isReady = () => readFileSync(log(), "utf8").includes("ready");

  it("is recorded while it runs, logs into its file, and ends on request", async () => {
    const entry = startDaemon(ledger(), daemon(forever));
    expect(await until(isReady, { timeout: 10_000 })).to.equal(true);
    expect(ledger().find("daemon")?.pid).to.equal(entry.pid);
    await stopProcesses(ledger(), [entry]);
    expect(isRunning(entry)).to.equal(false);
    expect(ledger().running()).to.deep.equal([]);
  });

  it("leads a session of its own, so that Ctrl-C on the terminal does not reach it", async () => {
    const entry = startDaemon(ledger(), daemon(forever));
    try {
      expect(() => process.kill(-entry.pid, 0)).not.to.throw();
    } finally {
      await stopProcesses(ledger(), [entry]);
    }
  });

  it("spares the process that got the pid of one that has ended", async () => {
    const entry = startDaemon(ledger(), daemon(forever));
    await stopProcesses(ledger(), [{ ...entry, started: "another boot/1" }]);
    expect(isRunning(entry)).to.equal(true);
    await stopProcesses(ledger(), [entry]);
  });

  it("fails with its log when there is no such executable", () => {
    const missing = { ...daemon(forever), file: join(folder(), "missing") };
    expect(() => startDaemon(ledger(), missing)).to.throw(Failure, "daemon did not start");
  });

  it("has another digest when its arguments or variables change", () => {
    const digest = commandDigest(daemon("1"));
    expect(commandDigest(daemon("1"))).to.equal(digest);
    expect(commandDigest(daemon("2"))).not.to.equal(digest);
    expect(commandDigest({ ...daemon("1"), env: { A: "1" } })).not.to.equal(digest);
  });

  it("has the end of its log told, and nothing when there is no log", async () => {
    const entry = startDaemon(ledger(), daemon("console.log('one\\ntwo\\nthree')"));
    await until(() => !isRunning(entry), { timeout: 10_000 });
    expect(tail(log(), 2)).to.equal("two\nthree");
    expect(tail(join(folder(), "none.log"))).to.equal("");
  });
});
