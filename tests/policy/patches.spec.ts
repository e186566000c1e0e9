import { expect } from "chai";
import { DEFAULT_CONFIG } from "../../policy/core/config";
import { Judge } from "../../policy/core/evaluate";
import { type Fragment } from "../../policy/core/rule";
import { walk } from "../../policy/core/walk";
import { RULES } from "../../policy/rules";

const metadata = { name: "orders", namespace: "shop" };

function rulesFound(...patches: readonly Fragment[]): string[] {
  const views = patches.flatMap((object) => walk(object, { patch: true }));
  return new Judge(RULES, DEFAULT_CONFIG).judge(views).map(({ rule }) => rule);
}

describe("a patch", () => {
  it("is not asked for what it leaves out", () => {
    const deployment = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: { replicas: 3 },
    };
    const service = { apiVersion: "v1", kind: "Service", metadata, spec: { type: "ClusterIP" } };
    expect(rulesFound(deployment, service)).to.deep.equal([]);
  });

  it("is judged by the harm it does", () => {
    const spec = { type: "NodePort", externalIPs: ["203.0.113.7"] };
    const service = { apiVersion: "v1", kind: "Service", metadata, spec };
    expect(rulesFound(service)).to.have.members(["service-type", "service-external-ips"]);
  });

  it("is known by its kind in a file", () => {
    const object = { apiVersion: "v1", kind: "ServicePatch", metadata, spec: { type: "NodePort" } };
    const found = new Judge(RULES, DEFAULT_CONFIG).judge(walk(object));
    expect(found.map(({ rule, kind }) => `${kind} ${rule}`)).to.deep.equal([
      "Service service-type",
    ]);
  });

  it("is judged by what it grants", () => {
    const role = {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata,
      rules: [{ apiGroups: [""], resources: ["pods/exec"], verbs: ["create"] }],
    };
    expect(rulesFound(role)).to.deep.equal(["rbac-pod-exec"]);
  });
});
