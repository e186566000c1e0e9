import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { charts } from "../../../components/charts";

const folder = join(__dirname, "..", "..", "..", "sandbox", "charts");

interface ChartFile {
  readonly name: string;
  readonly version: string;
  readonly description: string;
}

const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

function chartFile(name: string): ChartFile {
  // Charts are written by us; helm itself refuses one whose file has another shape.
  return parse(readFileSync(join(folder, name, "Chart.yaml"), "utf8")) as ChartFile;
}

describe("the stand-in charts", () => {
  it("exist for every chart of the program, at the same version", () => {
    const wanted = Object.values(charts).map(({ chart, version }) => `${chart} ${version}`);
    const present = names.map((name) => `${chartFile(name).name} ${chartFile(name).version}`);
    expect(present).to.include.members(wanted);
  });

  it("lie in a folder of their name, which is how a mirror is laid out", () => {
    expect(names.map((name) => chartFile(name).name)).to.deep.equal(names);
  });

  it("say that they are stand-ins", () => {
    const descriptions = names.map((name) => chartFile(name).description);
    expect(descriptions.filter((text) => !text.startsWith("Stand-in for"))).to.deep.equal([]);
  });

  it("are as unsafe by default as the real ones", () => {
    const minio = parse(readFileSync(join(folder, "minio", "values.yaml"), "utf8")) as {
      readonly users: readonly object[];
    };
    expect(minio.users).to.deep.equal([
      { accessKey: "console", secretKey: "console123", policy: "consoleAdmin" },
    ]);
    const server = readFileSync(join(folder, "minio", "templates", "_pod.tpl"), "utf8");
    expect(server).to.not.match(/(?:liveness|readiness|startup)Probe/);
  });
});
