import { expect } from "chai";
import { fieldLines } from "../../../review/page/field-lines";

function shown(before: unknown, after: unknown): readonly string[] {
  return fieldLines({ path: "f", before, after }).map(({ sign, text }) => sign + text);
}

describe("the lines of a difference", () => {
  it("are the field before and after", () => {
    expect(shown(1, 2)).to.deep.equal(["-f: 1", "+f: 2"]);
    expect(shown(undefined, { a: true })).to.deep.equal(['+f: {"a":true}']);
    expect(shown("", undefined)).to.deep.equal(['-f: ""']);
  });

  it("are only the lines that differ of a longer text, with two around them", () => {
    const text = (five: string) => `1\n2\n3\n4\n${five}\n6\n7\n8\n`;
    expect(shown(text("5"), text("five"))).to.deep.equal([
      "@f",
      ...[" 3", " 4", "-5", "+five", " 6", " 7"],
    ]);
  });

  it("are only the items that differ of a longer list", () => {
    const list = (version: string) => [
      "--quiet",
      `--image=registry.example.com/acme/solver:${version}`,
      "--metrics=true",
    ];
    expect(shown(list("1"), list("2"))).to.deep.equal([
      "@f",
      "---image=registry.example.com/acme/solver:1",
      "+--image=registry.example.com/acme/solver:2",
    ]);
  });

  it("cut a value that is too long for a line", () => {
    const [line = ""] = shown(undefined, "x".repeat(1_000));
    expect(line)
      .to.have.length(4 + 300)
      .and.match(/…$/);
  });
});
