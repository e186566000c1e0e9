import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { Ledger } from "../../../sandbox/processes/ledger";
import { processStart } from "../../../sandbox/processes/process-identity";
import { scratchFolder } from "../scratch-folder";

describe("the ledger of processes", () => {
  const folder = scratchFolder();
  const file = () => join(folder(), "processes.json");
  const self = () => ({
    name: "self",
    pid: process.pid,
    started: processStart(process.pid) ?? "",
    log: "",
    command: "digest",
  });

  it("finds a recorded process that runs, from another instance", () => {
    new Ledger(file()).add(self());
    expect(new Ledger(file()).find("self")).to.deep.equal(self());
  });

  it("does not take a recycled pid for the process that had it", () => {
    new Ledger(file()).add({ ...self(), started: "another boot/1" });
    expect(new Ledger(file()).running()).to.deep.equal([]);
  });

  it("forgets a process that is removed, and keeps the others", () => {
    const ledger = new Ledger(file());
    ledger.add(self());
    ledger.add({ ...self(), name: "other" });
    ledger.remove("self");
    expect(ledger.running().map(({ name }) => name)).to.deep.equal(["other"]);
  });

  it("replaces the entry of a name", () => {
    const ledger = new Ledger(file());
    ledger.add(self());
    ledger.add({ ...self(), command: "newer" });
    expect(ledger.running().map(({ command }) => command)).to.deep.equal(["newer"]);
  });

  it("is empty when its file was cut short", () => {
    writeFileSync(file(), '[{"name": "self", "pi');
    expect(new Ledger(file()).running()).to.deep.equal([]);
  });

  it("ignores entries that name no process, such as pid 0, which would mean every process of the group", () => {
    writeFileSync(file(), JSON.stringify([{ ...self(), pid: 0 }, { name: "x" }, null]));
    expect(new Ledger(file()).running()).to.deep.equal([]);
  });
});
