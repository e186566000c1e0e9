import { expect } from "chai";
import { remedied } from "../../../policy/pack/remediation";
import { type Rule } from "../../../policy/core/rule";
import { RULES } from "../../../policy/rules";
import { edit, judge, type Edits } from "../support";
import { inContainer, ON_WINDOWS } from "../objects";

function rules(...ids: readonly string[]): Rule[] {
  return RULES.filter(({ id }) => ids.includes(id));
}

const REPAIRS: readonly (readonly [id: string, spoil: Edits])[] = [
  ["allow-privilege-escalation", { "securityContext.allowPrivilegeEscalation": true }],
  ["capabilities-drop-all", { "securityContext.capabilities": { add: ["NET_BIND_SERVICE"] } }],
  ["seccomp-required", { "/spec.template.spec.securityContext.seccompProfile": undefined }],
  ["read-only-root-fs", { "securityContext.readOnlyRootFilesystem": false }],
  ["run-as-non-root", { "/spec.template.spec.securityContext.runAsNonRoot": undefined }],
  [
    "automount-token",
    {
      "/spec.template.spec.serviceAccountName": undefined,
      "/spec.template.spec.automountServiceAccountToken": undefined,
    },
  ],
];

describe("the remediation", () => {
  for (const [id, spoil] of REPAIRS) {
    it(`repairs what ${id} reports, and leaves the original as it is`, () => {
      const [object = {}] = edit(inContainer, spoil);
      const before = structuredClone(object);
      expect(judge([object], rules(id)).map(({ rule }) => rule)).to.deep.equal([id]);
      const repaired = remedied(object, rules(id));
      expect(judge([repaired ?? {}], rules(id))).to.deep.equal([]);
      expect(object).to.deep.equal(before);
    });
  }

  it("changes nothing in an object without findings", () => {
    const [object = {}] = edit(inContainer, {});
    const ids = REPAIRS.map(([id]) => id);
    expect(remedied(object, rules(...ids))).to.equal(undefined);
  });

  it("keeps out of Windows pods", () => {
    const [object = {}] = edit(inContainer, {
      ...ON_WINDOWS,
      "securityContext.capabilities": undefined,
    });
    expect(remedied(object, rules("capabilities-drop-all"))).to.equal(undefined);
  });

  it("keeps the added capabilities when it drops the others", () => {
    const [object = {}] = edit(inContainer, {
      "securityContext.capabilities": { add: ["NET_BIND_SERVICE"] },
    });
    expect(JSON.stringify(remedied(object, rules("capabilities-drop-all")))).to.contain(
      '"capabilities":{"add":["NET_BIND_SERVICE"],"drop":["ALL"]}',
    );
  });
});
