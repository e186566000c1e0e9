import { expect } from "chai";
import { positionOf } from "../../../policy/check/positions";

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
  return positionOf(TEXT, path).line;
}

describe("positionOf", () => {
  it("finds keys, items of lists, and what is inside of flow maps", () => {
    expect(line("metadata.name")).to.equal(4);
    expect(line("spec.containers[0].image")).to.equal(8);
    expect(positionOf(TEXT, "spec.containers[1].securityContext.privileged")).to.deep.equal({
      line: 10,
      column: 25,
    });
  });

  it("points at the nearest part that is written when a field is missing", () => {
    expect(line("spec.containers[1].livenessProbe")).to.equal(9);
    expect(line("spec.replicas")).to.equal(5);
  });

  it("reads keys with dots in brackets", () => {
    expect(positionOf('a:\n  "x.y/z": 1\n', 'a["x.y/z"]').line).to.equal(2);
  });
});
