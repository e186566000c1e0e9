import { expect } from "chai";
import { formatText } from "../../../policy/check/format-text";
import { checkSources } from "../../../policy/check/check";
import { DEFAULT_CONFIG } from "../../../policy/core/config";

/** Milliseconds within which a machine under load is done, and a time that grows with the square is not. */
const SOON = 10_000;

function milliseconds(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

function check(...objects: readonly object[]): string {
  const text = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }, null, 1);
  return formatText(
    checkSources([{ file: "a.json", text }], { config: DEFAULT_CONFIG, each: false }),
  );
}

function pod(text: string): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace: "shop" },
    spec: {
      containers: [{ name: "app", image: text, env: [{ name: "PASSWORD", value: text }] }],
      volumes: [{ name: "host", hostPath: { path: text } }],
    },
  };
}

describe("the time of a check", function () {
  this.timeout("2m");

  for (const repeated of ["-", "/", "---BEGIN ", "ey-", "password=", "_expir", "curl http://"]) {
    it(`does not explode at a text of "${repeated}" alone`, () => {
      const text = `${repeated.repeat(300_000 / repeated.length)}\r!`;
      expect(milliseconds(() => check(pod(text)))).to.be.below(SOON);
    });
  }

  it("grows with the findings of a document, not with their square", () => {
    const pods = Array.from({ length: 1000 }, () => pod("nginx"));
    expect(milliseconds(() => check(...pods))).to.be.below(SOON);
  });
});
