import { expect } from "chai";
import { DEFAULT_CONFIG } from "../../../policy/core/config";
import { Judge } from "../../../policy/core/evaluate";
import { UNKNOWN_VALUE } from "../../../policy/core/finding";
import { guardUnknowns } from "../../../policy/core/unknown";
import { walk } from "../../../policy/core/walk";
import { RULES } from "../../../policy/rules";
import { edit } from "../support";
import { inContainer } from "../objects";

const UNKNOWN = "not-known-yet";

function findings(edits: Record<string, unknown>) {
  const [object] = edit(inContainer, edits);
  const guarded = guardUnknowns(object, (value) => value === UNKNOWN) as Record<string, unknown>;
  return new Judge(RULES, DEFAULT_CONFIG).judge(walk(guarded));
}

describe("an unknown value", () => {
  it("is reported as an advisory that names the field, instead of a guess", () => {
    const found = findings({ "resources.limits.memory": UNKNOWN });
    const unknown = found.filter(({ rule }) => rule === UNKNOWN_VALUE);
    expect(found.map(({ rule }) => rule)).not.to.include("memory-limit");
    expect(new Set(unknown.map(({ path, enforcement }) => `${path} ${enforcement}`))).to.deep.equal(
      new Set(["spec.template.spec.containers[0].resources.limits.memory advisory"]),
    );
  });

  it("does not keep the other containers from being judged", () => {
    const found = findings({
      image: UNKNOWN,
      "/spec.template.spec.containers[1]": { name: "second", image: "nginx" },
    });
    const tags = found.filter(({ rule }) => rule === "image-tag");
    expect(tags.map(({ container }) => container)).to.deep.equal(["second"]);
  });

  it("in a Secret's data leaves it to the update whether a key is there", () => {
    const env = [{ name: "URL", valueFrom: { secretKeyRef: { name: "orders", key: "url" } } }];
    const [workload] = edit(inContainer, { env });
    const secret = (stringData: unknown) =>
      guardUnknowns(
        {
          apiVersion: "v1",
          kind: "Secret",
          metadata: { name: "orders", namespace: "shop" },
          stringData,
        },
        (value) => value === UNKNOWN,
      ) as Record<string, unknown>;
    const rules = RULES.filter(({ id }) => id === "env-ref-missing");
    const missing = (stringData: unknown) =>
      new Judge(rules, DEFAULT_CONFIG)
        .judge([...walk(workload ?? {}), ...walk(secret(stringData))])
        .map(({ rule }) => rule);
    expect(missing({ other: "x" })).to.deep.equal(["env-ref-missing"]);
    expect(missing(UNKNOWN)).to.deep.equal([]);
  });

  it("leaves values without unknowns as they are", () => {
    const value = { list: [1, { a: "x" }], text: "y" };
    expect(guardUnknowns(value, () => false)).to.deep.equal(value);
  });
});
