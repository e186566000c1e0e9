import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { check as checkFiles, checkSources, type CheckResult } from "../../../policy/check/check";
import { formatGithub } from "../../../policy/check/format-github";
import { formatSarif } from "../../../policy/check/format-sarif";
import { formatText } from "../../../policy/check/format-text";
import { DEFAULT_CONFIG } from "../../../policy/core/config";

const POD =
  "apiVersion: v1\nkind: Pod\nmetadata:\n  name: app\n  namespace: shop\nspec:\n  hostPID: true\n";
const SERVICE =
  "apiVersion: v1\nkind: Service\nmetadata: {name: app, namespace: shop}\nspec: {selector: {app: app}, ports: [{port: 80}]}\n";
const DEPLOYMENT =
  "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app, namespace: shop}\nspec: {selector: {matchLabels: {app: app}}, template: {metadata: {labels: {app: app}}, spec: {containers: [{name: app}]}}}\n";

function check(files: Readonly<Record<string, string>>, each = false): CheckResult {
  const sources = Object.entries(files).map(([file, text]) => ({ file, text }));
  return checkSources(sources, { config: DEFAULT_CONFIG, each });
}

function rules({ findings }: CheckResult): string[] {
  return findings.map(({ rule }) => rule);
}

describe("the checker", () => {
  it("names file, document, object and field of a finding", () => {
    const finding = check({ "a.yaml": `---\n# empty\n---\n${POD}` }).findings.find(
      ({ rule }) => rule === "host-pid",
    );
    expect(finding).to.deep.include({
      file: "a.yaml",
      document: 0,
      kind: "Pod",
      namespace: "shop",
      name: "app",
      path: "spec.hostPID",
      found: "true",
    });
  });

  it("judges files together, or each as a stack of its own", () => {
    const files = { "service.yaml": SERVICE, "deployment.yaml": DEPLOYMENT };
    expect(rules(check(files))).not.to.include("service-dangling");
    expect(rules(check(files, true))).to.include("service-dangling");
  });

  it("reports what is no Kubernetes object, and judges the rest", () => {
    const result = check({ "a.yaml": `just text\n---\n[1]\n---\nname: x\n---\n${POD}` });
    const invalid = result.findings.filter(({ rule }) => rule === "invalid-document");
    expect(invalid.map(({ document }) => document)).to.deep.equal([0, 1, 2]);
    expect(rules(result)).to.include("host-pid");
  });

  it("reports a file that it found and cannot read, and judges the rest", () => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-check-"));
    symlinkSync("nowhere", join(folder, "a.yaml"));
    writeFileSync(join(folder, "b.yaml"), POD);
    const result = checkFiles([folder], { config: DEFAULT_CONFIG, each: false });
    rmSync(folder, { recursive: true });
    expect(rules(result)).to.include.members(["invalid-document", "host-pid"]);
    expect(result.findings[0]?.file).to.equal(join(folder, "a.yaml"));
  });

  it("reports wrong types inside a known kind", () => {
    const wrong = DEPLOYMENT.replace("containers: [{name: app}]", "containers: nonsense");
    const schema = check({ "a.yaml": wrong }).findings.filter(({ rule }) => rule === "schema");
    expect(schema.map(({ path }) => path)).to.deep.equal(["spec.template.spec.containers"]);
  });

  it("judges the items of a list at their place", () => {
    const list =
      "apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: a}\n  spec: {hostPID: true}\n";
    const finding = check({ "a.yaml": list }).findings.find(({ rule }) => rule === "host-pid");
    expect([finding?.kind, finding?.path]).to.deep.equal(["Pod", "items[0].spec.hostPID"]);
  });
});

describe("a list without items to judge", () => {
  it("is said to be none, and the other documents are judged", () => {
    const { findings } = check({ "a.yaml": `kind: List\nitems: {a: 1}\n---\n${POD}` });
    expect(findings.map(({ rule, document }) => `${rule} ${document}`)).to.include.members([
      "invalid-document 0",
      "host-pid 1",
    ]);
  });
});

describe("the formats of the checker", () => {
  const result = check({ "dir/a b.yaml": POD });

  it("give text with the line, the reason, the way out and the sum", () => {
    const text = formatText(result);
    expect(text).to.match(
      /mandatory high host-pid: line 7: spec\.hostPID is true; it should be false or unset/,
    );
    expect(text).to.match(/why: .*\n {6}fix: Remove hostPID/);
    expect(text).to.match(/1 objects: \d+ mandatory and \d+ advisory findings\./);
  });

  it("give text that lists every exemption at the end, of use or not", () => {
    const exempt = { rules: ["host-pid"], reason: "debugging" };
    const exemptions = [
      { ...exempt, object: "Pod/shop/app" },
      { ...exempt, object: "Pod/shop/gone", expires: "2999-01-01" },
      { ...exempt, object: "Pod/shop/old", expires: "2020-01-01" },
    ];
    const text = formatText(
      checkSources([{ file: "a.yaml", text: POD }], {
        config: { ...DEFAULT_CONFIG, exemptions },
        each: false,
      }),
    );
    expect(text.split("Exemptions:\n")[1]?.split("\n").slice(0, 3)).to.deep.equal([
      "  Pod/shop/app: host-pid (covers 1): debugging",
      "  Pod/shop/gone: host-pid (covers nothing, until 2999-01-01): debugging",
      "  Pod/shop/old: host-pid (expired on 2020-01-01): debugging",
    ]);
  });

  it("give SARIF that a code host can place", () => {
    const { version, runs } = JSON.parse(formatSarif(result)) as {
      version: string;
      runs: { results: { ruleId: string; level: string; locations: object[] }[] }[];
    };
    const found = runs[0]?.results.find(({ ruleId }) => ruleId === "host-pid");
    expect([version, found?.level]).to.deep.equal(["2.1.0", "error"]);
    expect(found?.locations).to.deep.equal([
      {
        physicalLocation: {
          artifactLocation: { uri: "dir/a%20b.yaml" },
          region: { startLine: 7, startColumn: 3 },
        },
      },
    ]);
  });

  it("give commands of GitHub Actions", () => {
    expect(formatGithub(result)).to.match(
      /^::error file=dir\/a b\.yaml,line=7,col=3,title=host-pid \(high\)::spec\.hostPID/m,
    );
  });

  it("fold a narrower finding under the general one, unless it is the stricter", () => {
    const text = formatText(check({ "a.yaml": DEPLOYMENT }));
    expect(text).to.match(/and with it: .*capability-net-raw/);
    expect(text).not.to.match(/^ {2}mandatory \w+ capability-net-raw/m);
    expect(text).to.match(/^ {2}mandatory medium liveness-probe/m);
  });
});
