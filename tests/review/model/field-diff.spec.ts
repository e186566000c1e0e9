import { expect } from "chai";
import fc from "fast-check";
import { diffFields } from "../../../review/model/field-diff";

describe("the fields that differ", () => {
  it("are none between equal objects", () => {
    const value = { a: [{ name: "x", b: null }, 2], c: "d" };
    expect(diffFields(value, structuredClone(value))).to.deep.equal([]);
  });

  it("are named by their path, quoted where a key has dots", () => {
    const before = { metadata: { annotations: { "a.b/c": "1" } }, spec: { replicas: 1 } };
    const after = { metadata: { annotations: { "a.b/c": "2" } }, spec: { paused: true } };
    expect(diffFields(before, after)).to.deep.equal([
      { path: 'metadata.annotations["a.b/c"]', before: "1", after: "2" },
      { path: "spec.replicas", before: 1, after: undefined },
      { path: "spec.paused", before: undefined, after: true },
    ]);
  });

  it("follow the items of a list by their name, wherever they stand", () => {
    const before = {
      containers: [
        { name: "a", image: "1" },
        { name: "b", image: "1" },
      ],
    };
    const after = {
      containers: [{ name: "new" }, { name: "b", image: "2" }, { name: "a", image: "1" }],
    };
    expect(diffFields(before, after)).to.deep.equal([
      { path: "containers[b].image", before: "1", after: "2" },
      { path: "containers[new]", before: undefined, after: { name: "new" } },
    ]);
  });

  it("follow ports by number and protocol, and mounts by path", () => {
    const before = {
      ports: [{ port: 80 }, { port: 53, protocol: "UDP" }],
      volumeMounts: [{ mountPath: "/a", name: "x" }],
    };
    const after = {
      ports: [
        { port: 53, protocol: "UDP" },
        { port: 80, name: "web" },
      ],
      volumeMounts: [{ mountPath: "/a", name: "y" }],
    };
    expect(diffFields(before, after).map(({ path }) => path)).to.deep.equal([
      "ports[80].name",
      "volumeMounts[/a].name",
    ]);
  });

  it("are found item by item in a list without keys, equal items left out", () => {
    const before = { rules: [{ verbs: ["get"] }, { verbs: ["list"] }] };
    const after = { rules: [{ verbs: ["list"] }, { verbs: ["watch"] }] };
    expect(diffFields(before, after)).to.deep.equal([
      { path: "rules[1].verbs", before: ["get"], after: ["watch"] },
    ]);
  });

  it("hold a list of plain values as a whole", () => {
    expect(diffFields({ args: ["a"] }, { args: ["a", "b"] })).to.deep.equal([
      { path: "args", before: ["a"], after: ["a", "b"] },
    ]);
  });

  it("tell a changed order where the order matters", () => {
    const names = (...list: string[]) => list.map((name) => ({ name }));
    expect(
      diffFields({ initContainers: names("a", "b") }, { initContainers: names("b", "a") }),
    ).to.deep.equal([{ path: "initContainers.(order)", before: ["a", "b"], after: ["b", "a"] }]);
    expect(diffFields({ volumes: names("a", "b") }, { volumes: names("b", "a") })).to.deep.equal(
      [],
    );
  });

  it("are none exactly when the objects hold the same, for any JSON without lists", () => {
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.dictionary(fc.string(), tie("tree")),
      ),
    }));
    fc.assert(
      fc.property(tree, tree, (before, after) => {
        const normal = (value: unknown) => JSON.stringify(sorted(value));
        expect(diffFields(before, after).length === 0).to.equal(normal(before) === normal(after));
      }),
    );
  });
});

function sorted(value: unknown): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value)
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([key, item]) => [key, sorted(item)])
    : value;
}
