import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { decide } from "../../sandbox/decisions";
import { createCache, createFolder, sandboxFolder } from "../../sandbox/folder";
import { describeFailure } from "../../sandbox/terminal/failure";
import { scratchFolder } from "./scratch-folder";

describe("the folders of the sandbox", () => {
  const scratch = scratchFolder();
  const make = (root: string) => () => createFolder(sandboxFolder(root));

  for (const [variable, create] of [
    ["SLIPWAY_SANDBOX", (path: string) => createFolder(sandboxFolder(path))],
    ["SLIPWAY_CACHE", createCache],
  ] as const) {
    it(`refuse a file as ${variable} in two lines that name both`, () => {
      const file = join(scratch(), "file");
      writeFileSync(file, "");
      const said = failureOf(() => create(file));
      expect(said.split("\n")).to.have.lengthOf(2);
      expect(said).to.match(/^\/.*\/file, the folder for .*, is a file\.\n {2}→ Set SLIPWAY_/);
      expect(said).to.include(variable);
    });

    it(`refuse a ${variable} below a file, and one behind a link that leads nowhere`, () => {
      writeFileSync(join(scratch(), "file"), "");
      symlinkSync("nowhere", join(scratch(), "link"));
      expect(failureOf(() => create(join(scratch(), "file", "deep")))).to.include("below a file");
      expect(failureOf(() => create(join(scratch(), "link", "deep")))).to.include("leads nowhere");
    });
  }

  it("are never made among other people's files, which a reset would remove", () => {
    writeFileSync(join(scratch(), "thesis.tex"), "");
    mkdirSync(join(scratch(), "state"));
    expect(failureOf(make(scratch()))).to.include("has other things in it");
  });

  it("are made in an empty folder, and beside what a tool or a rendering left before", () => {
    make(scratch())();
    const built = join(scratch(), "built");
    decide(join(built, "decisions.json"), { tools: {} });
    mkdirSync(join(built, "logs"));
    make(built)();
    const named = join(scratch(), ".sandbox-tests");
    mkdirSync(join(named, "programs"), { recursive: true });
    make(named)();
    const rendered = join(scratch(), "rendered");
    make(join(rendered, "render"))();
    mkdirSync(join(rendered, "render.lock"));
    make(rendered)();
    make(rendered)();
  });
});

function failureOf(work: () => void): string {
  try {
    work();
  } catch (error) {
    return describeFailure(error);
  }
  return "nothing was refused";
}
