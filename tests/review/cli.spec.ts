import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dump } from "js-yaml";
import { named, postgresCluster, type Manifest } from "./stack";

const root = join(__dirname, "..", "..");

const config = (level: string): Manifest => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: named("settings"),
  data: { level },
});
const open: Manifest = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: named("open"),
  spec: { containers: [{ name: "a", image: "a", securityContext: { privileged: true } }] },
};

describe("npm run review", function () {
  this.timeout("60s");
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-review-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (name: string, manifests: readonly Manifest[]): void => {
    mkdirSync(join(folder, name));
    const index = manifests.map((manifest, number) => {
      writeFileSync(join(folder, name, `${number}.yaml`), dump(manifest));
      const { kind } = manifest as { readonly kind: string };
      return {
        urn: `urn:pulumi:production::slipway::${kind}::${kind}`,
        type: kind,
        file: `${number}.yaml`,
      };
    });
    writeFileSync(join(folder, name, "index.json"), JSON.stringify(index));
  };
  const review = (
    before: readonly Manifest[],
    after: readonly Manifest[],
    ...more: readonly string[]
  ) => {
    write("base", before);
    write("head", after);
    return run("--base", join(folder, "base"), "--head", join(folder, "head"), ...more);
  };
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, ["sandbox/bootstrap.mjs", "review/cli.ts", ...args], {
      cwd: root,
      encoding: "utf8",
    });

  it("ends with 0 when nothing is risky", () => {
    const { status, stdout } = review([config("info")], [config("debug")]);
    expect(stdout).to.equal("Nothing risky. 1 change: 1 updated; nothing restarts.\n");
    expect(status).to.equal(0);
  });

  it("ends with 2 when a person has to look, and writes both pages", () => {
    const out = join(folder, "out");
    const after = postgresCluster({ postgresVersion: 18 });
    const { status, stdout } = review([postgresCluster()], [after], "--out", out);
    expect(status).to.equal(2);
    expect(stdout).to.match(/^Needs a human: data at risk \(PostgresCluster postgres\/db\)/);
    expect(readFileSync(join(out, "review.md"), "utf8")).to.contain("Needs a human");
    expect(readFileSync(join(out, "review.html"), "utf8")).to.contain("Needs a human");
  });

  it("ends with 1 when a policy fails, and prints the report as JSON alone", () => {
    const { status, stdout } = review([], [open], "--json");
    expect(status).to.equal(1);
    const report = JSON.parse(stdout) as Record<string, unknown>;
    expect(report).to.include({ outcome: "failed", exitCode: 1, stack: "production" });
    expect(report["verdict"]).to.match(/^Policy failed: /);
    expect(report["changes"]).to.have.nested.property("[0].action", "create");
    expect(report["policy"]).to.have.nested.property("[0].state", "new");
    expect(report["risks"]).to.be.an("array");
  });

  it("ends with 1 and one line when a folder cannot be read", () => {
    const { status, stderr } = run("--base", join(folder, "missing"), "--head", folder);
    expect(status).to.equal(1);
    expect(stderr.trim().split("\n")).to.have.length(1);
    expect(stderr).to.contain("npm run render");
  });
});
