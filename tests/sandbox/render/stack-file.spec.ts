import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkout } from "../../../sandbox/folder";
import { checkStackFile, readStackFile } from "../../../sandbox/render/stack-file";

describe("the stack file of a rendering", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-stacks-"));
    writeFileSync(
      join(folder, "Pulumi.staging.yaml"),
      "config:\n  slipway:cluster: { context: s }\n",
    );
    writeFileSync(
      join(folder, "Pulumi.sandbox.yaml"),
      "config:\n  slipway:cluster: { simulated: true }\n",
    );
    writeFileSync(join(folder, "Pulumi.broken.yaml"), "config:\n  a: 1\n  a: 2\n");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("says whether the stack's own cluster is simulated", () => {
    expect(readStackFile("sandbox", folder).simulated).to.equal(true);
    expect(readStackFile("staging", folder).simulated).to.equal(false);
  });

  it("names the stack that has the platform, however fully that is written", () => {
    const file = join(folder, "Pulumi.apps.yaml");
    for (const name of ["staging", "acme/slipway/staging"]) {
      writeFileSync(file, `config:\n  slipway:platformStack: ${name}\n`);
      expect(readStackFile("apps", folder).platformStack).to.equal("staging");
    }
    expect(readStackFile("staging", folder)).to.not.have.property("platformStack");
    rmSync(file);
  });

  it("is asked for by a name of a stack there is, and the error lists them", () => {
    expect(() => readStackFile("prod", folder))
      .to.throw('There is no stack "prod"')
      .with.property("fix", "Name one of: broken, sandbox, staging.");
  });

  it("is refused for its mistakes before a cluster is started, whatever its own cluster is", async () => {
    const text = readFileSync(join(checkout, "Pulumi.production.yaml"), "utf8");
    const file = join(folder, "Pulumi.production.yaml");
    writeFileSync(file, text.replace(/identity: .*/, "identity: unknown"));
    await checkStackFile("production", folder);
    writeFileSync(file, text.replace("slipway:retention:", "slipway:retentoin:"));
    let refusal = "";
    await checkStackFile("production", folder).catch((error: Error) => (refusal = error.message));
    expect(refusal).to.contain(
      'slipway:retentoin: this key is not known; did you mean "retention"',
    );
  });

  it("is refused for a cluster that is no map as for any other mistake", async () => {
    writeFileSync(join(folder, "Pulumi.odd.yaml"), "config:\n  slipway:cluster: here\n");
    const refusal = await checkStackFile("odd", folder).catch((error: Error) => error.message);
    expect(refusal).to.contain('slipway:cluster: got "here"');
  });

  it("has to be YAML, and a map", () => {
    expect(() => readStackFile("broken", folder)).to.throw("Pulumi.broken.yaml is not valid YAML");
    writeFileSync(join(folder, "Pulumi.list.yaml"), "- config\n");
    expect(() => readStackFile("list", folder)).to.throw('got ["config"]; it has to be a map.');
  });
});
