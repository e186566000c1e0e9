import { expect } from "chai";
import { contentConfigMap, contentName, type ConfigData } from "../../components/kit/config-map";

describe("a ConfigMap named by its content", () => {
  it("has the same name for the same content, whatever the order of its keys", () => {
    expect(contentName("orders-env", { A: "1", B: "2" })).to.equal(
      contentName("orders-env", { B: "2", A: "1" }),
    );
  });

  it("has another name as soon as a key or a value differs", () => {
    const contents: readonly ConfigData[] = [{ A: "1" }, { A: "2" }, { B: "1" }, { A: "1", B: "" }];
    const names = contents.map((data) => contentName("orders-env", data));
    expect(new Set(names).size).to.equal(names.length);
  });

  it("is immutable, because a change is another object", () => {
    const data = { A: "1" };
    const map = contentConfigMap({ baseName: "orders-env", namespace: "shop", labels: {}, data });
    expect(map).to.deep.equal({
      metadata: { name: contentName("orders-env", data), namespace: "shop", labels: {} },
      immutable: true,
      data,
    });
  });
});
