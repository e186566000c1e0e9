import { expect } from "chai";
import {
  addSandboxArguments,
  protectStackFile,
  readPulumiCommand,
} from "../../../sandbox/stack/arguments";
import { Failure } from "../../../sandbox/terminal/failure";

const additions = { configFile: "/scratch.yaml", policyPack: "/policy" };
const add = (...args: string[]) => addSandboxArguments(args, additions);

describe("the arguments of the Pulumi CLI", () => {
  it("are understood with global options before the command", () => {
    expect(
      readPulumiCommand(["--color", "never", "-v=3", "preview", "-s", "staging"]),
    ).to.deep.equal({
      name: "preview",
      stack: "staging",
      position: 4,
    });
  });

  for (const args of [["--stack", "x"], ["--stack=x"], ["-s", "x"], ["-s=x"]]) {
    it(`name the stack by ${args.join(" ")}`, () => {
      expect(readPulumiCommand(["up", ...args]).stack).to.equal("x");
    });
  }

  it("name a command by its alias too", () => {
    expect(["update", "pre", "down"].map((word) => readPulumiCommand([word]).name)).to.deep.equal([
      "up",
      "preview",
      "destroy",
    ]);
  });

  it("get the scratch copy, the parallelism and the policy pack for up and preview", () => {
    for (const command of ["up", "preview"]) {
      expect(add(command, "--diff")).to.deep.equal([
        command,
        "--config-file=/scratch.yaml",
        "--parallel=64",
        ...(command === "up" ? ["--suppress-outputs"] : []),
        "--policy-pack=/policy",
        "--diff",
      ]);
    }
  });

  it("get the stack's own configuration of the pack, with our pack and unless another is given", () => {
    const withConfig = (...args: string[]) =>
      addSandboxArguments(args, { ...additions, policyConfig: "/policy/stacks/x.json" }).join(" ");
    expect(withConfig("up")).to.include("--policy-pack-config=/policy/stacks/x.json");
    expect(withConfig("up", "--policy-pack=own")).not.to.include("x.json");
    expect(withConfig("up", "--policy-pack-config=own")).not.to.include("x.json");
  });

  it("show the outputs of an update only where that is asked for", () => {
    expect(add("up", "--suppress-outputs=false")).not.to.include("--suppress-outputs");
  });

  it("get no policy pack for destroy and refresh, which do not take one", () => {
    for (const command of ["destroy", "refresh"]) {
      expect(add(command).join(" "))
        .to.include("--config-file")
        .and.not.to.include("--policy-pack");
    }
  });

  it("win over ours", () => {
    const given = [
      "--config-file=own",
      "-p",
      "1",
      "--suppress-outputs=false",
      "--policy-pack",
      "own",
    ];
    const args = ["up", ...given];
    expect(add(...args)).to.deep.equal(args);
  });

  it("stay as they are for commands that know no stack file", () => {
    expect(add("stack", "output", "--json")).to.deep.equal(["stack", "output", "--json"]);
    expect(add("version")).to.deep.equal(["version"]);
  });

  it("show the configuration of the scratch copy", () => {
    expect(add("config")).to.deep.equal(["config", "--config-file=/scratch.yaml"]);
    expect(add("config", "get", "x")).to.deep.equal([
      "config",
      "--config-file=/scratch.yaml",
      "get",
      "x",
    ]);
  });

  it("refuse to change configuration that would be lost", () => {
    expect(() => add("config", "set", "a", "b"))
      .to.throw(Failure, '"config set" would be lost')
      .with.property("fix", "Edit Pulumi.<stack>.yaml instead.");
  });

  it("refuse to make a stack, which would write into the checkout", () => {
    expect(() => protectStackFile(["stack", "init", "x"])).to.throw(
      Failure,
      "when it is first used",
    );
  });

  it("keep the stack file of a stack that is removed", () => {
    expect(protectStackFile(["stack", "rm", "x", "--yes"])).to.deep.equal([
      "stack",
      "rm",
      "--preserve-config",
      "x",
      "--yes",
    ]);
    expect(protectStackFile(["stack", "ls"])).to.deep.equal(["stack", "ls"]);
  });
});
