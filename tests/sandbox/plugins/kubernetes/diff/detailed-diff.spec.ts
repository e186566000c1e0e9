import { expect } from "chai";
import fc from "fast-check";
import {
  covers,
  detailedDiff,
  formatPath,
  parsePath,
} from "../../../../../sandbox/plugins/kubernetes/diff/detailed-diff";
import { Unknown, type PlainMap } from "../../../../../sandbox/plugins/rpc/values";

describe("a detailed diff", () => {
  const old = { spec: { containers: [{ name: "a", image: "x:1" }], labels: { "a.b/c": "1" } } };

  it("is empty for equal versions", () => {
    expect(detailedDiff(old, structuredClone(old), [])).to.deep.equal([]);
  });

  it("names the single values that differ", () => {
    const now = { spec: { containers: [{ name: "a", image: "x:2" }], labels: { "a.b/c": "1" } } };
    expect(detailedDiff(old, now, [])).to.deep.equal([
      { path: "spec.containers[0].image", kind: "update", replaces: false },
    ]);
  });

  it("tells added and deleted values, keys with dots in quotes", () => {
    const now = { spec: { containers: [{ name: "a", image: "x:1" }, { name: "b" }], labels: {} } };
    expect(detailedDiff(old, now, [])).to.deep.equal([
      { path: "spec.containers[1]", kind: "add", replaces: false },
      { path: 'spec.labels["a.b/c"]', kind: "delete", replaces: false },
    ]);
  });

  it("counts a value that is not known yet as changed", () => {
    const [change] = detailedDiff({ a: "1" }, { a: Unknown.instance }, []);
    expect(change).to.deep.equal({ path: "a", kind: "update", replaces: false });
  });

  it("replaces for a field of the list, at, below and above the change", () => {
    const replaces = (olds: PlainMap, news: PlainMap): boolean =>
      detailedDiff(olds, news, [".spec.selector.matchLabels"]).some((change) => change.replaces);
    expect(
      replaces({ spec: { selector: { matchLabels: { a: "1" } } } }, { spec: { selector: {} } }),
    ).to.equal(true);
    expect(
      replaces(
        { spec: { selector: { matchLabels: { a: "1" } } } },
        { spec: { selector: { matchLabels: { a: "2" } } } },
      ),
    ).to.equal(true);
    expect(replaces({}, { spec: { selector: { matchLabels: { a: "2" } } } })).to.equal(true);
    expect(replaces({}, { spec: { selector: { other: "x" } } })).to.equal(false);
  });

  it("replaces for a field of any element of a list", () => {
    const now = { spec: { containers: [{ name: "a", image: "x:2" }], labels: { "a.b/c": "1" } } };
    expect(detailedDiff(old, now, [".spec.containers[*].image"])[0]?.replaces).to.equal(true);
  });
});

describe("a property path", () => {
  it("is read as it was written", () => {
    const key = fc.string({ minLength: 1 }).filter((text) => !/[\\]/.test(text));
    const steps = fc.array(fc.oneof(key, fc.nat(20)), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(steps, (path) => {
        expect(parsePath(formatPath(path))).to.deep.equal(path);
      }),
    );
  });

  it("covers what lies below it", () => {
    expect(covers("spec.replicas", "spec.replicas")).to.equal(true);
    expect(covers("spec", "spec.template.spec")).to.equal(true);
    expect(covers("spec.containers[*].image", "spec.containers[3].image")).to.equal(true);
    expect(covers("spec.replicas", "spec")).to.equal(false);
    expect(covers("spec.replica", "spec.replicas")).to.equal(false);
  });
});
