import { expect } from "chai";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { manifestText } from "../../../sandbox/render/manifest";
import { type RenderedObject, renderObjects } from "../../../sandbox/render/objects";
import { checkOutput, writeOutput } from "../../../sandbox/render/output";
import { plannedResources } from "../../../sandbox/render/plan";
import { recordedPreview, urn } from "./recorded";

function configMaps(...names: readonly string[]): readonly RenderedObject[] {
  const type = "kubernetes:core/v1:ConfigMap";
  const resources = names.map((name) => ({
    urn: urn(type, name),
    type,
    inputs: {
      kind: "ConfigMap",
      data: { b: "2", a: "1" },
      metadata: { namespace: name, name },
      apiVersion: "v1",
    },
  }));
  return renderObjects(plannedResources(recordedPreview(resources))).objects;
}

describe("the folder of a rendering", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-render-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("holds one file per object and the index", () => {
    writeOutput(folder, configMaps("one", "two"));
    const index: unknown = JSON.parse(readFileSync(join(folder, "index.json"), "utf8"));
    expect(index).to.have.nested.property("[1].file", "two/configmap-two.yaml");
    expect(readFileSync(join(folder, "one", "configmap-one.yaml"), "utf8")).to.contain("name: one");
  });

  it("is written anew without the files of an earlier rendering, and with every other file", () => {
    writeOutput(folder, configMaps("one", "two"));
    writeFileSync(join(folder, "two", "notes.txt"), "mine");
    writeOutput(folder, configMaps("three"));
    expect(existsSync(join(folder, "one"))).to.equal(false);
    expect(readdirSync(join(folder, "two"))).to.deep.equal(["notes.txt"]);
    expect(existsSync(join(folder, "three", "configmap-three.yaml"))).to.equal(true);
  });

  it("is refused when it holds files but no index", () => {
    writeFileSync(join(folder, "thesis.txt"), "precious");
    expect(() => checkOutput(folder)).to.throw("holds files that render did not write");
    expect(() => writeOutput(folder, [])).to.throw("holds files that render did not write");
    expect(readdirSync(folder)).to.deep.equal(["thesis.txt"]);
  });

  it("is refused when its index names files outside it", () => {
    const outside = join(folder, "inner");
    mkdirSync(outside);
    writeFileSync(join(folder, "precious.txt"), "");
    writeFileSync(
      join(outside, "index.json"),
      JSON.stringify([{ urn: "u", file: "../precious.txt" }]),
    );
    expect(() => writeOutput(outside, [])).to.throw("render did not write");
    expect(existsSync(join(folder, "precious.txt"))).to.equal(true);
  });

  it("may be missing or empty", () => {
    expect(() => checkOutput(folder)).not.to.throw();
    expect(() => checkOutput(join(folder, "missing"))).not.to.throw();
  });
});

describe("the YAML of an object", () => {
  it("is the same whatever the order of its keys, with the identifying ones first", () => {
    const text = manifestText({
      spec: { b: 1, a: { z: 1, name: "web" } },
      kind: "K",
      apiVersion: "v1",
    });
    expect(text).to.equal(
      "apiVersion: v1\nkind: K\nspec:\n  a:\n    name: web\n    z: 1\n  b: 1\n",
    );
    expect(text).to.equal(
      manifestText({ apiVersion: "v1", kind: "K", spec: { a: { name: "web", z: 1 }, b: 1 } }),
    );
  });

  it("keeps the order of lists and the type of texts that look like something else", () => {
    expect(manifestText({ args: ["b", "a"], value: "true" })).to.equal(
      'args:\n  - b\n  - a\nvalue: "true"\n',
    );
  });
});
