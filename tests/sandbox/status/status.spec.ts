import { mkdirSync } from "node:fs";
import { expect } from "chai";
import { decide } from "../../../sandbox/decisions";
import { sandboxFolder } from "../../../sandbox/folder";
import { Ledger } from "../../../sandbox/processes/ledger";
import { processStart } from "../../../sandbox/processes/process-identity";
import { realAndSimulated } from "../../../sandbox/status/simulation";
import { describeStatus } from "../../../sandbox/status/status";
import { scratchFolder } from "../scratch-folder";

describe("the status of a sandbox", () => {
  const scratch = scratchFolder();
  const stateOf = (part: string, rows: ReturnType<typeof realAndSimulated>) =>
    rows.find((row) => row.part.includes(part))?.state;

  it("says that there is none, and how to start one", () => {
    expect(describeStatus(sandboxFolder(scratch()), "/cache")).to.include("npm start");
  });

  it("lists processes with their memory, and where each tool came from", () => {
    const folder = sandboxFolder(scratch());
    mkdirSync(folder.root, { recursive: true });
    decide(folder.decisions, { tools: { pulumi: "3.259.0, official download" } });
    new Ledger(folder.processes).add({
      name: "etcd",
      pid: process.pid,
      started: processStart(process.pid) ?? "",
      log: "/etcd.log",
      command: "",
    });
    const text = describeStatus(folder, "/cache");
    expect(text).to.match(/etcd +pid \d+ +[1-9]\d* MiB +\/etcd\.log/);
    expect(text).to.match(/pulumi +3\.259\.0, official download/);
  });

  it("calls the nodes of the embedded cluster simulated, and its API server real", () => {
    const rows = realAndSimulated({ cluster: { kind: "embedded" } });
    expect(stateOf("nodes", rows)).to.include("simulated");
    expect(stateOf("API server", rows)).to.equal("real");
  });

  it("calls the nodes of a kind cluster real", () => {
    expect(stateOf("nodes", realAndSimulated({ cluster: { kind: "kind" } }))).to.equal("real");
  });

  it("names the stand-ins that were chosen", () => {
    const rows = realAndSimulated({ plugins: "stand-ins", charts: "stand-ins" });
    expect(stateOf("plugins", rows)).to.include("stand-ins");
    expect(stateOf("charts", rows)).to.include("stand-ins");
    const official = realAndSimulated({ plugins: "official", charts: "repositories" });
    expect(stateOf("plugins", official)).to.include("official");
    expect(stateOf("charts", official)).to.include("repositories");
  });
});
