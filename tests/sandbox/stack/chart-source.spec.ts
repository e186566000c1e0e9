import { mkdirSync } from "node:fs";
import { expect } from "chai";
import { charts } from "../../../components/charts";
import { readDecisions } from "../../../sandbox/decisions";
import { sandboxFolder } from "../../../sandbox/folder";
import { chartMirror, standInCharts } from "../../../sandbox/stack/chart-source";
import { silentProgress } from "../../../sandbox/terminal/progress";
import { scratchFolder } from "../scratch-folder";

describe("the source of the charts", () => {
  const scratch = scratchFolder();
  const folder = () => {
    const sandbox = sandboxFolder(scratch());
    mkdirSync(sandbox.root, { recursive: true });
    return sandbox;
  };
  const notes: string[] = [];
  const progress = { ...silentProgress, note: (line: string) => void notes.push(line) };
  beforeEach(() => notes.splice(0));

  const reachable = () => Promise.resolve(undefined);
  const unreachable = () => Promise.resolve("example cannot be reached (ENOTFOUND)");

  it("is the charts' own repositories where each of them answers", async () => {
    const asked: string[] = [];
    const mirror = await chartMirror(folder(), progress, false, (repository) => {
      asked.push(repository);
      return reachable();
    });
    expect(mirror).to.equal(undefined);
    expect(new Set(asked)).to.deep.equal(
      new Set(Object.values(charts).map(({ repository }) => repository)),
    );
  });

  it("is the stand-ins where one of them does not, which is said with the reason", async () => {
    const [first] = Object.values(charts);
    const look = (repository: string) =>
      repository === first?.repository ? unreachable() : reachable();
    expect(await chartMirror(folder(), progress, false, look)).to.equal(standInCharts);
    expect(notes.join("\n")).to.include("stand-ins").and.to.include("ENOTFOUND");
  });

  it("stays the same for a sandbox, without asking or saying it again", async () => {
    await chartMirror(folder(), progress, false, unreachable);
    notes.splice(0);
    expect(await chartMirror(folder(), progress, false, reachable)).to.equal(standInCharts);
    expect(notes).to.deep.equal([]);
    expect(readDecisions(folder().decisions).charts).to.equal("stand-ins");
  });

  it("is the stand-ins without asking anybody when the sandbox is offline", async () => {
    let asked = 0;
    const mirror = await chartMirror(folder(), progress, true, () => {
      asked += 1;
      return reachable();
    });
    expect([mirror, asked]).to.deep.equal([standInCharts, 0]);
  });
});
