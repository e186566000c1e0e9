import { expect } from "chai";
import { fitsSdk } from "../../../sandbox/toolchain/pulumi-cli";
import { provideTool, type ToolSource } from "../../../sandbox/toolchain/tool";
import { silentProgress } from "../../../sandbox/terminal/progress";
import { Failure } from "../../../sandbox/terminal/failure";

describe("a tool", () => {
  const context = { cache: "/cache", logs: "/logs", progress: silentProgress, offline: false };
  const calls: string[] = [];
  beforeEach(() => calls.splice(0));

  const source = (name: string, has: "here" | "elsewhere" | "nowhere"): ToolSource => {
    const found = { path: `/${name}`, origin: name };
    const missing = { missing: `${name} has none` };
    return {
      name,
      look: () => {
        calls.push(`look ${name}`);
        return Promise.resolve(has === "here" ? found : missing);
      },
      get: () => {
        calls.push(`get ${name}`);
        return Promise.resolve(has === "elsewhere" ? found : missing);
      },
    };
  };
  const provide = (...sources: ToolSource[]) =>
    provideTool({ name: "tool", version: "1.2.3", sources }, context);

  it("is taken from the first source that has it here", async () => {
    const found = await provide(source("path", "here"), source("build", "here"));
    expect(found.path).to.equal("/path");
  });

  it("is not downloaded while a later source has it here already", async () => {
    const found = await provide(source("download", "elsewhere"), source("build", "here"));
    expect(found.path).to.equal("/build");
    expect(calls).to.deep.equal(["look download", "look build"]);
  });

  it("is got from the first source that can get it", async () => {
    const found = await provide(source("download", "nowhere"), source("build", "elsewhere"));
    expect(found.path).to.equal("/build");
    expect(calls.slice(2)).to.deep.equal(["get download", "get build"]);
  });

  it("that no source has is a failure with each source's reason and a way out", async () => {
    const failure = await provide(source("download", "nowhere"), source("build", "nowhere")).catch(
      (error: unknown) => error,
    );
    expect(failure).to.be.instanceOf(Failure);
    expect(failure)
      .to.have.property("message")
      .that.includes("tool 1.2.3")
      .and.includes("download has none")
      .and.includes("build has none");
    expect(failure).to.have.property("fix").that.includes("Install Go");
  });
});

describe("a Pulumi CLI on the PATH", () => {
  it("fits an SDK of the same major and the same or an older minor version", () => {
    expect(fitsSdk("3.259.0", "3.259.0")).to.equal(true);
    expect(fitsSdk("3.300.1", "3.259.0")).to.equal(true);
  });

  it("does not fit a newer SDK, or another major version", () => {
    expect(fitsSdk("3.258.9", "3.259.0")).to.equal(false);
    expect(fitsSdk("4.0.0", "3.259.0")).to.equal(false);
  });
});
