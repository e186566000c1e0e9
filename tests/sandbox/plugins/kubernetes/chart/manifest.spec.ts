import { expect } from "chai";
import { readManifest } from "../../../../../sandbox/plugins/kubernetes/chart/manifest";

describe("a chart's manifest", () => {
  it("is read document by document, without the empty ones", () => {
    const objects = readManifest(
      "---\n# Source: a\napiVersion: v1\nkind: Service\nmetadata: {name: a}\n---\n---\nnull\n" +
        "---\napiVersion: core/v1\nkind: Secret\nmetadata: {name: b}\n",
    );
    expect(objects.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)).to.deep.equal([
      "v1 Service",
      "v1 Secret",
    ]);
  });

  it("is nothing when the chart renders to nothing", () => {
    expect(readManifest("")).to.deep.equal([]);
  });

  it("has the objects of a list in its place", () => {
    const objects = readManifest(
      "apiVersion: v1\nkind: ConfigMapList\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n",
    );
    expect(objects).to.have.length(1);
    expect(objects[0]?.kind).to.equal("ConfigMap");
  });

  it("is read as Kubernetes reads YAML: octal modes and yes are values, times are texts", () => {
    const [object] = readManifest(
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nmode: 0644\non: yes\ntime: 12:30:45\n" +
        'date: 2024-01-01\nquoted: "0644"\n',
    );
    expect(object).to.deep.include({
      mode: 420,
      true: true,
      time: "12:30:45",
      date: "2024-01-01",
      quoted: "0644",
    });
  });

  it("is refused when an object has no name", () => {
    expect(() => readManifest("apiVersion: v1\nkind: Service\n")).to.throw(
      "without apiVersion, kind or metadata.name",
    );
  });

  it("is refused when it is no YAML", () => {
    expect(() => readManifest("a: [1")).to.throw("YAML that cannot be read");
  });
});
