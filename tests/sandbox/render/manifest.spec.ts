import { expect } from "chai";
import { manifestText } from "../../../sandbox/render/manifest";

describe("the YAML of an object", () => {
  it("quotes texts that YAML 1.1 takes for something else, because kubectl and Helm read that", () => {
    const text = manifestText({ value: "on", mode: "0644", port: "22:22" });
    expect(text).to.equal('mode: "0644"\nport: "22:22"\nvalue: "on"\n');
  });

  it("starts with the version, the kind and the name", () => {
    const text = manifestText({
      spec: {},
      metadata: { labels: {}, namespace: "shop", name: "web" },
      kind: "Pod",
      apiVersion: "v1",
    });
    expect(text).to.equal(
      "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  namespace: shop\n  labels: {}\nspec: {}\n",
    );
  });
});
