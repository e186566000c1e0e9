import { ProgramInfo } from "@pulumi/pulumi/proto/language_pb";
import { expect } from "chai";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import {
  locateModule,
  nodeOptions,
  optionVariables,
} from "../../../../sandbox/plugins/language-nodejs/options";

function info(options: { [key: string]: JavaScriptValue }): ProgramInfo {
  const program = new ProgramInfo();
  program.setOptions(Struct.fromJavaScript(options));
  return program;
}

describe("the runtime's options", () => {
  it("compile TypeScript unless they say otherwise", () => {
    expect(optionVariables(nodeOptions(undefined))).to.deep.equal({
      PULUMI_NODEJS_TYPESCRIPT: "true",
    });
    expect(optionVariables(nodeOptions(info({ typescript: false })))).to.deep.equal({});
  });

  it("hand on the compiler's configuration and Node's arguments", () => {
    const options = nodeOptions(info({ tsconfig: "t.json", nodeargs: "--a  --b=1" }));
    expect(optionVariables(options)).to.include({ PULUMI_NODEJS_TSCONFIG_PATH: "t.json" });
    expect(options.nodeArgs).to.deep.equal(["--a", "--b=1"]);
  });

  it("say which option has the wrong type", () => {
    expect(() => nodeOptions(info({ typescript: "yes" }))).to.throw('typescript is "yes"');
  });
});

describe("a module of the SDK", () => {
  it("is found from the program's folder", () => {
    expect(locateModule("@pulumi/pulumi/cmd/run", __dirname)).to.match(/cmd.run.index\.js$/);
  });

  it("is missed with what to do about it", () => {
    expect(() => locateModule("@pulumi/pulumi/cmd/run", "/")).to.throw('Run "npm ci" there');
  });
});
