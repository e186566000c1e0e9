import { expect } from "chai";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRenderFolder } from "../../../review/input/render-folder";
import { Failure } from "../../../sandbox/terminal/failure";

const entry = {
  urn: "urn:pulumi:s::slipway::t::web",
  type: "t",
  chart: "web",
  dependsOn: ["u"],
  file: "shop/web.yaml",
};

describe("a folder of a rendering", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-review-"));
    mkdirSync(join(folder, "shop"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (index: unknown, manifest = "kind: Service\nmetadata: { name: web }\n"): void => {
    writeFileSync(join(folder, "index.json"), JSON.stringify(index));
    writeFileSync(join(folder, "shop", "web.yaml"), manifest);
  };

  it("is read with what the index says of each object", () => {
    write([entry]);
    const [object] = readRenderFolder(folder).objects;
    expect(object).to.include({ urn: entry.urn, chart: "web", component: null, protect: false });
    expect(object?.view).to.include({ kind: "Service", name: "web" });
  });

  it("parses once what two versions share", () => {
    write([entry]);
    const cache = new Map();
    const [first] = readRenderFolder(folder, cache).objects;
    const [second] = readRenderFolder(folder, cache).objects;
    expect(second?.view.raw).to.equal(first?.view.raw);
  });

  it("without an index is an error that says how to write one", () => {
    expect(() => readRenderFolder(folder)).to.throw(
      Failure,
      /There is no .*index\.json\. Write.*npm run render -- --stack/,
    );
  });

  it("with a missing or damaged file is an error that names it", () => {
    write([{ ...entry, file: "shop/other.yaml" }]);
    expect(() => readRenderFolder(folder)).to.throw(/There is no .*other\.yaml/);
    write([entry], "kind: [");
    expect(() => readRenderFolder(folder)).to.throw(/web\.yaml cannot be parsed/);
    write([entry], "just text");
    expect(() => readRenderFolder(folder)).to.throw(
      /web\.yaml does not hold one Kubernetes object/,
    );
  });

  it("is never left for another file", () => {
    write([{ ...entry, file: "../secret.yaml" }]);
    expect(() => readRenderFolder(folder)).to.throw('whose "file" is not below the folder');
  });
});
