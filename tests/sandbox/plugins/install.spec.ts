import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { installStandIns } from "../../../sandbox/plugins/install";
import { scratchFolder } from "../scratch-folder";

describe("the stand-in plugins", function () {
  // Bundling takes longer when others use the machine too.
  this.timeout(60_000);
  const scratch = scratchFolder();
  const install = (lines: string[] = []) =>
    installStandIns({
      pulumiHome: join(scratch(), "home"),
      cache: join(scratch(), "cache"),
      helm: "/tools/it's helm",
      log: (line) => lines.push(line),
    });

  it("lie where the CLI looks for plugins, in the versions of the npm SDKs", async () => {
    const lines: string[] = [];
    const installed = await install(lines);
    for (const { plugin, version } of installed) {
      const file = join(scratch(), "home/plugins", `${plugin}-v${version}`, `pulumi-${plugin}`);
      expect(statSync(file).mode & 0o111, file).to.equal(0o111);
    }
    const dependencies = JSON.parse(
      readFileSync(join(__dirname, "../../../package.json"), "utf8"),
    ) as {
      dependencies: Record<string, string>;
    };
    expect(installed.map(({ plugin, version }) => `${plugin} ${version}`)).to.deep.equal([
      `language-nodejs ${dependencies.dependencies["@pulumi/pulumi"]}`,
      `resource-random ${dependencies.dependencies["@pulumi/random"]}`,
      `resource-kubernetes ${dependencies.dependencies["@pulumi/kubernetes"]}`,
    ]);
    expect(lines).to.have.length(3);
  });

  it("are left alone when their sources have not changed", async () => {
    await install();
    const bundles = join(scratch(), "cache");
    const before = readdirSync(bundles).map((name) => statSync(join(bundles, name)).mtimeMs);
    await install();
    expect(readdirSync(bundles).map((name) => statSync(join(bundles, name)).mtimeMs)).to.deep.equal(
      before,
    );
  });

  it("print their port first, and end when the CLI's end of their input closes", async () => {
    const installed = await install();
    mkdirSync(join(scratch(), "work"));
    for (const { plugin, version } of installed) {
      const file = join(scratch(), "home/plugins", `${plugin}-v${version}`, `pulumi-${plugin}`);
      // The input is empty, so the plugin ends as soon as it serves.
      const output = execFileSync(file, ["127.0.0.1:1"], {
        input: "",
        cwd: join(scratch(), "work"),
      });
      expect(output.toString("utf8"), plugin).to.match(/^\d+\n$/);
    }
  });
});
