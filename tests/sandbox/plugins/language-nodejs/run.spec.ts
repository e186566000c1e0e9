import { ProgramInfo, RunRequest } from "@pulumi/pulumi/proto/language_pb";
import { expect } from "chai";
import { configKey, runArguments } from "../../../../sandbox/plugins/language-nodejs/run";

function request(): RunRequest {
  const info = new ProgramInfo();
  info.setRootDirectory("/project");
  info.setEntryPoint(".");
  const run = new RunRequest();
  run.setInfo(info);
  run.setProject("slipway");
  run.setStack("sandbox");
  run.setParallel(16);
  run.setMonitorAddress("127.0.0.1:1");
  run.setArgsList(["extra"]);
  return run;
}

describe("the command line of a program", () => {
  it("names the engine, the stack and the program, arguments last", () => {
    expect(runArguments(request(), "/project/program", "127.0.0.1:2").join(" ")).to.equal(
      "--monitor 127.0.0.1:1 --engine 127.0.0.1:2 --project slipway --root-directory /project " +
        "--stack sandbox --pwd /project/program --parallel 16 . extra",
    );
  });

  it("says when it is a preview", () => {
    const preview = request();
    preview.setDryrun(true);
    expect(runArguments(preview, "/project", undefined)).to.include("--dry-run");
  });

  it("leaves out an engine it does not know", () => {
    expect(runArguments(request(), "/project", undefined)).to.not.include("--engine");
  });
});

describe("a configuration key", () => {
  it("is written the way the SDK reads it", () => {
    expect(configKey("slipway:rooms")).to.equal("slipway:config:rooms");
  });

  it("stays when it is written that way already", () => {
    expect(configKey("slipway:config:rooms")).to.equal("slipway:config:rooms");
  });
});
