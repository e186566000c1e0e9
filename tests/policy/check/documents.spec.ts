import { expect } from "chai";
import { readDocuments } from "../../../policy/check/documents";

function read(text: string) {
  return [...readDocuments(text)].map(({ index, content, problem }) => [
    index,
    problem?.reason ?? content,
  ]);
}

describe("readDocuments", () => {
  it("counts the documents that have content, and keeps them apart", () => {
    expect(read("# a comment\n---\na: 1\n---\n---\n# nothing\n---\nb: 2\n")).to.deep.equal([
      [0, { a: 1 }],
      [1, { b: 2 }],
    ]);
  });

  it("reads the others when one is broken, and says on which line", () => {
    const documents = [...readDocuments("a: 1\n---\nb: [\n---\nc: 3\n")];
    expect(documents.map(({ content }) => content)).to.deep.equal([{ a: 1 }, undefined, { c: 3 }]);
    expect(documents[1]?.problem?.line).to.be.within(2, 3);
  });

  it("reads JSON objects that follow each other, on lines of their own or not", () => {
    expect(read('{"a": "}{"}\n{"b": {"c": 2}}\n\n{\n"d": 3}{"e": 4}\n')).to.deep.equal([
      [0, { a: "}{" }],
      [1, { b: { c: 2 } }],
      [2, { d: 3 }],
      [3, { e: 4 }],
    ]);
  });

  it("names the line of the one JSON object that is broken, and reads the others", () => {
    const documents = [...readDocuments('{"a": 1}\n{"b": [}\n{"c": 3}\n')];
    expect(documents.map(({ content }) => content)).to.deep.equal([{ a: 1 }, undefined, { c: 3 }]);
    expect(documents[1]?.problem?.line).to.equal(1);
  });

  it("takes braces in the texts of YAML for what they are", () => {
    expect(read("{a: '} {', b: '} {'}\n")).to.deep.equal([[0, { a: "} {", b: "} {" }]]);
  });

  it("refuses a key that is written twice", () => {
    expect(read("a: 1\na: 2\n")).to.deep.equal([[0, "duplicated mapping key"]]);
  });

  it("reads booleans as Kubernetes does, and leaves dates as text", () => {
    expect(read("on: yes\nday: 2026-01-01\ny: n\n")).to.deep.equal([
      [0, { true: true, day: "2026-01-01", y: "n" }],
    ]);
  });

  it("follows anchors and merge keys", () => {
    expect(read("a: &a {x: 1}\nb: {<<: *a, y: 2}\n")).to.deep.equal([
      [0, { a: { x: 1 }, b: { x: 1, y: 2 } }],
    ]);
  });

  it("refuses an alias bomb", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let level = 1; level < 12; level += 1) {
      lines.push(
        `a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(", ")}]`,
      );
    }
    expect(String(read(lines.join("\n"))[0]?.[1])).to.match(/aliases unfold/);
  });

  it("refuses a document that holds itself", () => {
    expect(String(read("a: &a\n  b: *a\n")[0]?.[1])).to.match(/alias|anchor/);
  });

  it("refuses nesting that no person writes", () => {
    expect(String(read("[".repeat(5000))[0]?.[1])).to.match(/nest|depth/);
  });

  it("keeps __proto__ an ordinary key", () => {
    const [document] = [...readDocuments("__proto__: {polluted: true}\n")];
    expect(Object.keys(document?.content as object)).to.deep.equal(["__proto__"]);
    expect(({} as { polluted?: boolean }).polluted).to.equal(undefined);
  });

  it("reads any number of blank lines in no time", () => {
    const started = performance.now();
    expect(read(`${"\n".repeat(50_000)}a: 1\n`)).to.deep.equal([[0, { a: 1 }]]);
    expect(performance.now() - started).to.be.below(2000);
  });

  it("reads a file with a byte order mark, and one with directives", () => {
    expect(read("\uFEFFa: 1\n")).to.deep.equal([[0, { a: 1 }]]);
    expect(read("%YAML 1.2\n---\na: 1\n")).to.deep.equal([[0, { a: 1 }]]);
  });
});
