import { expect } from "chai";
import { Positions } from "../../../policy/check/positions";

const TEXT = `---
# the application
metadata:
  name: app
spec:
  containers:
    - name: first
      image: nginx
    - name: second
      securityContext: {privileged: true}
`;

function line(path: string): number {
  return new Positions(TEXT).of(path).line;
}

describe("Positions", () => {
  it("finds keys, items of lists, and what is inside of flow maps", () => {
    expect(line("metadata.name")).to.equal(4);
    expect(line("spec.containers[0].image")).to.equal(8);
    expect(new Positions(TEXT).of("spec.containers[1].securityContext.privileged")).to.deep.equal({
      line: 10,
      column: 25,
    });
  });

  it("points at the nearest part that is written when a field is missing", () => {
    expect(line("spec.containers[1].livenessProbe")).to.equal(9);
    expect(line("spec.replicas")).to.equal(5);
  });

  it("tells a key from its value, and leaves a map that is a key out", () => {
    const positions = new Positions("? {a: 1}\n: 2\na:\n  a: 3\n");
    expect([positions.of("a").line, positions.of("a.a").line]).to.deep.equal([3, 4]);
  });

  it("reads keys with dots in brackets", () => {
    expect(new Positions('a:\n  "x.y/z": 1\n').of('a["x.y/z"]').line).to.equal(2);
  });
});
