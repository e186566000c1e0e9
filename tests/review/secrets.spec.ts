import { expect } from "chai";
import { DEFAULT_CONFIG } from "../../policy/core/config";
import { htmlOf } from "../../review/page/html";
import { jsonOf } from "../../review/page/json";
import { markdownOf } from "../../review/page/markdown";
import { deployment, named, object, type Manifest } from "./stack";
import { review } from "./risks/verdict";

/** Objects with a secret in every place where people put one. */
function planted(canary: string): readonly Manifest[] {
  const data = (kind: string, values: Manifest) => ({
    apiVersion: "v1",
    kind,
    metadata: named("planted"),
    ...values,
  });
  return [
    data("Secret", { data: { password: canary }, stringData: { note: `x ${canary}` } }),
    data("ConfigMap", {
      data: { DB_PASSWORD: canary, "app.ini": `[db]\nuser = shop\npassword = ${canary}\n` },
    }),
    deployment({
      container: {
        env: [{ name: "API_TOKEN", value: canary }],
        args: ["serve", `--password=${canary}`],
      },
    }),
    deployment({
      name: "worker",
      container: { command: ["sh", "-c", `DB_PASSWORD=${canary} run`] },
    }),
  ];
}

const before = planted("canary-before").map((manifest) => object(manifest));
const after = planted("canary-after").map((manifest) => object(manifest));
const reports = {
  "a change": review(before, after, DEFAULT_CONFIG),
  "a first deployment": review([], after, DEFAULT_CONFIG),
  "a removal": review(before, [], DEFAULT_CONFIG),
};

describe("secrets in a report", () => {
  for (const [what, report] of Object.entries(reports)) {
    it(`of ${what} are shown in no format`, () => {
      expect(report.changes.length).to.equal(4);
      expect(jsonOf(report)).not.to.contain("canary");
      expect(markdownOf(report)).not.to.contain("canary");
      expect(htmlOf(report)).not.to.contain("canary");
    });
  }

  it("keep their keys, so that a reader sees what changes", () => {
    const page = markdownOf(reports["a change"]);
    expect(page).to.contain("data.password: [secret]");
    expect(page).to.contain("containers[api].env[API_TOKEN].value: [secret]");
  });

  it("that are tokens by their form are masked wherever they stand", () => {
    const token = `ghp_${"a1".repeat(18)}`;
    const annotated = (value: string) =>
      object({
        apiVersion: "v1",
        kind: "Service",
        metadata: named("web", "shop", { annotations: { hook: value } }),
      });
    expect(jsonOf(review([annotated("none")], [annotated(token)]))).not.to.contain(token);
  });
});
