import { expect } from "chai";
import { DEFAULT_CONFIG } from "../../../policy/core/config";
import { Judge } from "../../../policy/core/evaluate";
import { objectRule, rulesOf } from "../../../policy/core/rule";
import { view, walk } from "../../../policy/core/walk";
import { RULES } from "../../../policy/rules";
import { deployment } from "../objects";

const broken = rulesOf("metadata", [
  objectRule({
    id: "broken",
    kinds: undefined,
    assertion: "Nothing.",
    why: "It throws.",
    source: "https://example.com",
    severity: "low",
    action: "mandatory",
    fix: "Nothing.",
    examples: { pass: {}, fail: {} },
    check: () => {
      throw new Error("no luck");
    },
  }),
]);

describe("Judge", () => {
  it("turns an exception of a rule into a finding, and applies the other rules", () => {
    const found = new Judge([...broken, ...RULES], DEFAULT_CONFIG).judge(
      walk({ apiVersion: "v1", kind: "Pod", metadata: { name: "a" }, spec: { hostPID: true } }),
    );
    expect(found.map(({ rule }) => rule)).to.include.members(["rule-error", "host-pid"]);
    expect(found.find(({ rule }) => rule === "rule-error")?.message).to.match(
      /broken failed on Pod\/a: no luck/,
    );
  });

  it("demands nothing of a patch, and still reports what is harmful in it", () => {
    const raw = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "a", namespace: "x" },
      spec: { template: { spec: { hostPID: true, containers: [{ name: "app" }] } } },
    };
    const found = new Judge(RULES, DEFAULT_CONFIG).judgeObject(view(raw, { patch: true }));
    const rules = found
      .filter(({ enforcement }) => enforcement === "mandatory")
      .map(({ rule }) => rule);
    expect(rules).to.include("host-pid");
    expect(rules.filter((id) => /-(?:limit|request|probe)$/.test(id))).to.deep.equal([]);
  });

  it("finds nothing mandatory in the good Deployment by itself", () => {
    const found = walk(deployment).flatMap((object) =>
      new Judge(RULES, DEFAULT_CONFIG).judgeObject(object),
    );
    expect(found.filter(({ enforcement }) => enforcement === "mandatory")).to.deep.equal([]);
  });

  it("never shows the value of a secret", () => {
    const canary = "correct-horse-battery";
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "a" },
      spec: { containers: [{ name: "app", env: [{ name: "DB_PASSWORD", value: canary }] }] },
    };
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "a" },
      stringData: { password: canary },
    };
    const config = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a" },
      data: { password: canary },
    };
    const found = new Judge(RULES, { ...DEFAULT_CONFIG, profile: "all" }).judge(
      [pod, secret, config].flatMap((one) => walk(one)),
    );
    expect(found.map(({ rule }) => rule)).to.include.members([
      "secret-plain-env",
      "secret-in-configmap",
    ]);
    expect(JSON.stringify(found)).not.to.include(canary);
  });
});
