import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { silentProgress } from "../../../sandbox/terminal/progress";
import { buildFailure, buildFolder, goModule } from "../../../sandbox/toolchain/go-module";
import { scratchFolder } from "../scratch-folder";

describe("a build from a Go module", () => {
  const folder = scratchFolder();
  const path = process.env["PATH"];
  afterEach(() => {
    process.env["PATH"] = path;
  });

  const module = () => ({
    name: "tool",
    version: "1.0.0",
    folder: join(folder(), "module"),
    package: "example.com/tool",
    duration: "a moment",
  });
  const context = () => ({
    cache: join(folder(), "cache"),
    logs: join(folder(), "logs"),
    progress: silentProgress,
    offline: false,
  });
  const get = () => goModule(module()).get?.(context());

  /** Puts a `go` of the test's own first on the PATH. */
  const installGo = (version: string, build: string) => {
    const bin = join(folder(), "bin");
    mkdirSync(bin, { recursive: true });
    const script = `#!/bin/sh\nif [ "$1" = version ]; then echo "go version go${version} test/arch"; exit; fi\n${build}\n`;
    writeFileSync(join(bin, "go"), script);
    chmodSync(join(bin, "go"), 0o755);
    process.env["PATH"] = [bin, path].join(delimiter);
  };
  /** Writes the file that `-o` names. */
  const writesOutput =
    'for a in "$@"; do case "$a" in -o=*) echo built > "${a#-o=}";; esac; done; echo "$GOCACHE $GOWORK"';

  beforeEach(() => {
    mkdirSync(module().folder);
    writeFileSync(join(module().folder, "go.mod"), "module tool\n");
    mkdirSync(context().cache);
  });

  it("ends as a complete folder in the cache, with nothing half-built beside it", async () => {
    installGo("1.26.1", writesOutput);
    const stale = `${buildFolder(context().cache, module())}.building-1`;
    mkdirSync(stale);
    const found = await get();
    expect(found).to.have.property("path", join(buildFolder(context().cache, module()), "tool"));
    expect(readdirSync(context().cache)).to.deep.equal([
      buildFolder("", module()).replace(/^\//, ""),
    ]);
  });

  it("keeps Go's caches inside the sandbox's cache, and other workspaces out", async () => {
    installGo("1.26.1", writesOutput);
    await get();
    const log = readFileSync(join(context().logs, "build-tool.log"), "utf8");
    expect(log.trim()).to.equal(`${join(context().cache, "go", "build")} off`);
  });

  it("is found afterwards without Go", async () => {
    installGo("1.26.1", writesOutput);
    await get();
    process.env["PATH"] = "";
    expect(await goModule(module()).look(context())).to.have.property("path");
  });

  it("that fails leaves nothing behind but its log, which is named", async () => {
    installGo("1.26.1", "echo 'main.go:1: undefined: x'; exit 1");
    const failure = await Promise.resolve(get()).catch((error: unknown) => error);
    expect(failure).to.have.property("message").that.includes("undefined: x");
    expect(failure).to.have.property("fix").that.includes("build-tool.log");
    expect(readdirSync(context().cache)).to.deep.equal([]);
  });

  it("is refused with one reason when there is no Go", async () => {
    process.env["PATH"] = join(folder(), "empty");
    expect(await get()).to.deep.equal({ missing: "Go ≥ 1.26 not found" });
  });

  it("is refused when Go is too old, naming the version", async () => {
    installGo("1.22.5", writesOutput);
    expect(await get()).to.deep.equal({ missing: "Go ≥ 1.26 not found, only 1.22" });
    expect(existsSync(buildFolder(context().cache, module()))).to.equal(false);
  });

  it("has another folder when what it is built from changes", () => {
    const before = buildFolder("/cache", module());
    expect(before).to.match(/^\/cache\/tool-1\.0\.0-[0-9a-f]{8}$/);
    writeFileSync(join(module().folder, "go.sum"), "example.com/other v1.0.0 h1:x=\n");
    expect(buildFolder("/cache", module())).not.to.equal(before);
  });

  for (const [line, reason] of [
    ["write /x: no space left on device", "the disk is full"],
    ["dial tcp: lookup proxy.example: no such host", "module proxy could not be reached"],
  ] as const) {
    it(`that fails because ${reason} says so`, () => {
      const log = join(folder(), "log");
      writeFileSync(log, `go: downloading x\n${line}\n`);
      expect(buildFailure(module(), log).message).to.include(reason);
    });
  }
});
