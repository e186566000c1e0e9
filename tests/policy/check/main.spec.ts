import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { type Finding } from "../../../policy/core/finding";
import { deployment } from "../objects";

const root = join(__dirname, "..", "..", "..");

/** One run of `npm run policy --` with a text on standard input. */
function policy(args: readonly string[], input = "") {
  const command = [join("sandbox", "bootstrap.mjs"), join("policy", "cli.ts"), ...args];
  return spawnSync(process.execPath, command, { cwd: root, input, encoding: "utf8" });
}

function checked(input: string) {
  const { status, stdout, stderr } = policy(["check", "-", "--format", "json"], input);
  return { status, stderr, findings: JSON.parse(stdout) as readonly Finding[] };
}

const namespace = (name: string, level: string) =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels: { "pod-security.kubernetes.io/enforce": level } },
  });

describe("npm run policy", function () {
  this.timeout("1m");

  it("ends with 0 where nothing mandatory is wrong, and prints JSON alone", () => {
    const { status, stderr, findings } = checked(namespace("shop", "restricted"));
    expect([status, stderr]).to.deep.equal([0, ""]);
    expect(findings.map(({ enforcement }) => enforcement)).not.to.include("mandatory");
  });

  it("ends with 1 at a mandatory finding, and says everything about it", () => {
    const { status, findings } = checked(
      `# A comment only.\n---\n${namespace("shop", "privileged")}`,
    );
    const [found] = findings.filter(({ rule }) => rule === "namespace-pss-labels");
    expect(status).to.equal(1);
    const place = ["file", "document", "kind", "namespace", "name", "container", "path"];
    expect(found).to.have.all.keys(
      ...["rule", "severity", "enforcement", "found", "message", "fix"].concat(place),
    );
    expect(found).to.include({ enforcement: "mandatory", file: "-", document: 0, name: "shop" });
  });

  it("takes the file that configures the engine's pack for a stack", () => {
    const text = namespace("shop", "privileged");
    const off = JSON.stringify({ configuration: { rules: { "namespace-pss-labels": "off" } } });
    const file = join(mkdtempSync(join(tmpdir(), "slipway-config-")), "stack.json");
    writeFileSync(file, off);
    const { stdout } = policy(["check", "-", "--format", "json", "--config", file], text);
    expect(stdout).not.to.contain("namespace-pss-labels");
    rmSync(dirname(file), { recursive: true });
  });

  it("ends with 2 at a configuration that is not there or no YAML, and names it", () => {
    for (const file of ["nowhere.yaml", "README.md"]) {
      const { status, stdout, stderr } = policy(["check", "-", "--config", file], "");
      expect([status, stdout]).to.deep.equal([2, ""]);
      expect(stderr)
        .to.contain(`"${file}" cannot be read`)
        .and.not.to.match(/^ +at /m);
    }
  });

  it("ends with 2 at exemptions that are not there, no folder or no YAML, and names them", () => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-exemptions-"));
    writeFileSync(join(folder, "web.yaml"), "- rules: [\n");
    for (const [path, why] of [
      ["nowhere", "there is no such file or folder"],
      ["README.md", "it is a file"],
      [folder, "cannot be read"],
    ] as const) {
      const { status, stdout, stderr } = policy(["check", "-", "--exemptions", path], "");
      expect([status, stdout]).to.deep.equal([2, ""]);
      expect(stderr)
        .to.contain(path)
        .and.to.contain(why)
        .and.not.to.match(/^ +at /m);
    }
    rmSync(folder, { recursive: true });
  });

  it("ends with 2 at a document that it cannot read, and judges the others", () => {
    const { status, findings } = checked(
      `kind: [\n---\n${namespace("shop", "privileged")}\n---\nspec: 1\n`,
    );
    expect(status).to.equal(2);
    expect(findings.map(({ rule, document }) => `${rule} ${document}`)).to.include.members([
      "invalid-document 0",
      "namespace-pss-labels 1",
      "invalid-document 2",
    ]);
  });

  it("judges what it can of an unknown kind", () => {
    const { status, findings } = checked(
      JSON.stringify({
        ...deployment,
        apiVersion: "example.com/v1",
        kind: "Fleet",
        spec: { template: { spec: { hostPID: true, containers: [{ name: "a", image: "a" }] } } },
      }),
    );
    expect(status).to.equal(1);
    expect(findings.map(({ rule }) => rule)).to.include.members(["host-pid", "image-tag"]);
  });

  it("ends with 2 and a sentence where a file or the configuration cannot be read", () => {
    const missing = policy(["check", "/does/not/exist", "--format", "json"]);
    expect([missing.status, missing.stdout]).to.deep.equal([2, ""]);
    expect(missing.stderr).to.contain(
      'Cannot read "/does/not/exist": there is no such file or folder. Give files, folders',
    );
    expect(policy(["check", "-", "--profile", "lax"]).status).to.equal(2);
  });

  it("shows how it is called, as npm runs it, after a command that there is not", () => {
    const { status, stderr } = policy(["chek", "out"]);
    expect(status).to.equal(2);
    expect(stderr).to.contain("Did you mean check?").and.to.contain("npm run policy -- [options]");
  });

  it("lists every rule with what it does, and why it is missing where it is", () => {
    const { status, stdout } = policy(["rules", "--format", "json"]);
    const rows = JSON.parse(stdout) as readonly Record<string, unknown>[];
    expect(status).to.equal(0);
    for (const row of rows) {
      expect(row).to.include.keys("id", "severity", "action", "kinds", "fix", "missingReason");
    }
  });
});
