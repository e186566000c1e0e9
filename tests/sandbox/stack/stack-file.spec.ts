import { expect } from "chai";
import { parse } from "yaml";
import { fillStackFile, readSalt } from "../../../sandbox/stack/stack-file";
import { Failure } from "../../../sandbox/terminal/failure";

const facts = { context: "here", identity: "uid-1", simulated: true };
const source = `# the stack's first line
config:
  slipway:cluster:
    context: production
    # filled in at run time
    identity: other
    kubernetesVersion: "1.36"
    simulated: false
  slipway:retention: delete
  slipway:charts: {}
`;
const configOf = (text: string) =>
  (parse(text) as { config: Record<string, Record<string, unknown>> }).config;

describe("the scratch copy of a stack file", () => {
  it("names the cluster of the sandbox and keeps what else is said about it", () => {
    expect(configOf(fillStackFile(source, facts, "file"))["slipway:cluster"]).to.deep.equal({
      context: "here",
      identity: "uid-1",
      kubernetesVersion: "1.36",
      simulated: true,
    });
  });

  it("keeps comments and the order of keys", () => {
    const text = fillStackFile(source, facts, "file");
    expect(text).to.include("# the stack's first line").and.to.include("# filled in at run time");
    expect(Object.keys(configOf(text))).to.deep.equal([
      "slipway:cluster",
      "slipway:retention",
      "slipway:charts",
    ]);
  });

  it("takes charts from the stand-ins when there is nothing else", () => {
    const text = fillStackFile(source, { ...facts, chartMirror: "/charts" }, "file");
    expect(configOf(text)["slipway:charts"]).to.deep.equal({ mirror: "/charts" });
  });

  it("leaves a mirror that the stack file names", () => {
    const own = source.replace("slipway:charts: {}", "slipway:charts: { mirror: oci://own }");
    const text = fillStackFile(own, { ...facts, chartMirror: "/charts" }, "file");
    expect(configOf(text)["slipway:charts"]).to.deep.equal({ mirror: "oci://own" });
  });

  it("carries the encryption salt, which can be read back", () => {
    const text = fillStackFile(source, { ...facts, encryptionSalt: "v1:salt" }, "file");
    expect(readSalt(text)).to.equal("v1:salt");
    expect(readSalt(source)).to.equal(undefined);
  });

  for (const text of ["", "config:\n"]) {
    it(`is made of a file that says nothing: ${JSON.stringify(text)}`, () => {
      const filled = configOf(fillStackFile(text, facts, "file"));
      expect(filled["slipway:cluster"]).to.deep.equal(facts);
    });
  }

  it("leaves a mistake in the place of what it fills in for the settings to name", () => {
    const text = fillStackFile("config:\n  slipway:cluster: here\n", facts, "file");
    expect(configOf(text)).to.deep.equal({ "slipway:cluster": "here" });
  });

  for (const [text, got] of [
    ["config: hello\n", '"config" got "hello"'],
    ["config: [a]\n", '"config" got ["a"]'],
    ["- config\n", 'got ["config"]'],
    ["hello\n", 'got "hello"'],
  ] as const) {
    it(`is refused of a file that is no map of settings: ${JSON.stringify(text)}`, () => {
      expect(() => fillStackFile(text, facts, "Pulumi.x.yaml")).to.throw(
        Failure,
        `Pulumi.x.yaml: ${got}; it has to be a map.`,
      );
    });
  }

  it("names the file and the place when it is not YAML", () => {
    expect(() => fillStackFile("config: [", facts, "Pulumi.x.yaml")).to.throw(
      Failure,
      /Pulumi\.x\.yaml is not valid YAML.*line/s,
    );
  });
});
