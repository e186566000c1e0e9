import { expect } from "chai";
import { readChartArgs } from "../../../../../sandbox/plugins/kubernetes/chart/args";
import { type PlainMap } from "../../../../../sandbox/plugins/rpc/values";

const ASSET = {
  "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17",
};
const read = (inputs: PlainMap) => readChartArgs({ chart: "./nats", ...inputs }, "bus", "default");

describe("a Chart's arguments", () => {
  it("take the release's name and the children's prefix from the resource", () => {
    expect(read({})).to.deep.include({
      chart: "./nats",
      releaseName: "bus",
      resourcePrefix: "bus",
      namespace: "default",
      values: {},
      skipCrds: false,
    });
  });

  it("take what is given instead, an empty prefix too", () => {
    const args = read({ name: "nats", resourcePrefix: "", namespace: "data", version: "1.2.3" });
    expect(args).to.deep.include({
      releaseName: "nats",
      resourcePrefix: "",
      namespace: "data",
      version: "1.2.3",
    });
  });

  it("read the repository", () => {
    const repositoryOpts = { repo: "https://charts.example.com", username: "u", password: "p" };
    expect(read({ repositoryOpts })).to.deep.include({
      repository: "https://charts.example.com",
      username: "u",
      password: "p",
    });
  });

  it("keep a null among the values, which drops a default of the chart", () => {
    expect(read({ values: { resources: { limits: null } } }).values).to.deep.equal({
      resources: { limits: null },
    });
  });

  it("put the text of an asset in its place", () => {
    const values = { script: { ...ASSET, text: "echo" } };
    expect(read({ values }).values).to.deep.equal({ script: "echo" });
  });

  it("read values files by path and by text", () => {
    const valueYamlFiles = [
      { ...ASSET, path: "a.yaml" },
      { ...ASSET, text: "b: 1" },
    ];
    expect(read({ valueYamlFiles }).valueFiles).to.deep.equal([
      { path: "a.yaml" },
      { text: "b: 1" },
    ]);
  });

  it("must name a chart", () => {
    expect(() => readChartArgs({}, "bus", "default")).to.throw('The Chart "bus" has no chart');
  });

  it("are refused by name where the stand-in does not follow", () => {
    expect(() => read({ postRenderer: { command: "x" } })).to.throw("postRenderer");
    expect(() => read({ repositoryOpts: { caFile: {} } })).to.throw("repositoryOpts.caFile");
    expect(() => read({ verify: false })).to.not.throw();
  });
});
