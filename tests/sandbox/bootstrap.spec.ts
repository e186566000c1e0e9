import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { checkout } from "../../sandbox/folder";
import { scratchFolder } from "./scratch-folder";

describe("the way into the npm scripts", () => {
  const scratch = scratchFolder();
  const at = (...names: string[]) => join(scratch(), ...names);
  const write = (path: string, text: string) => writeFileSync(at(path), text);

  /** A checkout with the real launcher and dependencies, and an `npm` that only says it was called. */
  beforeEach(() => {
    mkdirSync(at("sandbox"));
    mkdirSync(at("bin"));
    for (const name of ["bootstrap.mjs", "typescript.mjs"]) {
      copyFileSync(join(checkout, "sandbox", name), at("sandbox", name));
    }
    symlinkSync(join(checkout, "node_modules"), at("node_modules"));
    write("package.json", "{}");
    copyFileSync(join(checkout, "tsconfig.json"), at("tsconfig.json"));
    write("package-lock.json", '{"packages": {}}');
    write("bin/npm", '#!/bin/sh\necho "$@" > npm-was-called\nexit ${NPM_CODE:-0}\n');
    chmodSync(at("bin/npm"), 0o755);
    write("script.ts", "console.log(JSON.stringify(process.argv.slice(2))); process.exit(7);");
  });

  const launch = (args: readonly string[], env: NodeJS.ProcessEnv = {}, node: string[] = []) =>
    spawnSync(process.execPath, [...node, at("sandbox", "bootstrap.mjs"), ...args], {
      encoding: "utf8",
      env: {
        ...process.env,
        PATH: [at("bin"), process.env["PATH"] ?? ""].join(delimiter),
        ...env,
      },
    });

  it("runs a TypeScript file with its arguments and hands out its exit code", () => {
    const { status, stdout } = launch(["script.ts", "one", "--two"]);
    expect([status, stdout]).to.deep.equal([7, '["one","--two"]\n']);
    expect(existsSync(at("npm-was-called"))).to.equal(false);
  });

  it("goes on without a word when the reader of its output has seen enough", () => {
    write("long.ts", 'setTimeout(() => console.log("x".repeat(1e6)), 300); process.exitCode = 5;');
    const command = `("${process.execPath}" sandbox/bootstrap.mjs long.ts; echo $? >code) | true`;
    const { stderr } = spawnSync("sh", ["-c", command], { cwd: scratch(), encoding: "utf8" });
    const waited = spawnSync("sh", ["-c", "until [ -s code ]; do sleep 0.1; done; cat code"], {
      ...{ cwd: scratch(), encoding: "utf8", timeout: 10_000 },
    });
    expect([stderr, waited.stdout]).to.deep.equal(["", "5\n"]);
  });

  it("refuses a Node that is too old, in one line with a fix", () => {
    write("old.cjs", 'Object.defineProperty(process, "versions", { value: { node: "20.18.3" } });');
    const { status, stderr } = launch(["script.ts"], {}, ["--require", at("old.cjs")]);
    expect(status).to.equal(1);
    expect(stderr).to.match(/^Node 20\.18\.3 is too old.*20\.19.*\n {2}→ Install Node/);
  });

  it("installs the dependencies when one is missing", () => {
    write("package-lock.json", '{"packages": {"node_modules/missing": {"version": "1.0.0"}}}');
    const { status, stdout } = launch(["script.ts"]);
    expect([status, stdout]).to.deep.equal([7, "[]\n"]);
    expect(readFileSync(at("npm-was-called"), "utf8")).to.match(/^ci /);
  });

  it("does not miss a package that is only for another platform", () => {
    const entry = '{"version": "1.0.0", "optional": true}';
    write("package-lock.json", `{"packages": {"node_modules/elsewhere": ${entry}}}`);
    launch(["script.ts"]);
    expect(existsSync(at("npm-was-called"))).to.equal(false);
  });

  it("says what failed and what to try when the dependencies cannot be installed", () => {
    write("package-lock.json", '{"packages": {"node_modules/missing": {"version": "1.0.0"}}}');
    const { status, stderr } = launch(["script.ts"], { NPM_CODE: "1" });
    expect(status).to.equal(1);
    expect(stderr).to.include("npm ci").and.to.include("npm ping");
  });

  it("compiles the policy pack when it is missing, and again when a source is newer", () => {
    const compiled = () => readFileSync(at("policy/bin/index.js"), "utf8");
    mkdirSync(at("policy"));
    write("policy/index.ts", 'export const rule: string = "first";');
    launch(["script.ts"]);
    expect(compiled()).to.include("first");

    write("policy/index.ts", 'export const rule: string = "second";');
    utimesSync(at("policy/bin/index.js"), new Date(0), new Date(0));
    launch(["--prepare"]);
    expect(compiled()).to.include("second");
  });

  it("stops where the policy pack does not compile, and keeps the last one", () => {
    mkdirSync(at("policy/bin"), { recursive: true });
    write("policy/bin/index.js", "last");
    utimesSync(at("policy/bin/index.js"), new Date(0), new Date(0));
    write("policy/index.ts", "export const = ;");
    const { status, stderr } = launch(["script.ts"]);
    expect(status).to.equal(1);
    expect(stderr).to.include("policy pack does not compile").and.to.include("index.ts");
    expect(readFileSync(at("policy/bin/index.js"), "utf8")).to.equal("last");
  });

  it("says which file there is not", () => {
    const { status, stderr } = launch(["missing.ts"]);
    expect([status, stderr.includes("missing.ts")]).to.deep.equal([1, true]);
  });
});
