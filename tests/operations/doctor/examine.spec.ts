import { expect } from "chai";
import { examine } from "../../../operations/doctor/examine";
import type { Seen } from "../../../operations/doctor/seen";
import { failing, found, prepare, served, well, withFirst } from "./examination";
import { context } from "./healthy";

describe("an examination", () => {
  before(prepare);

  it("of a healthy stack finds nothing", () => {
    const { findings, notLooked } = examine({ seen: well(), denied: new Map() }, context, false);
    expect(findings).to.deep.equal([]);
    expect(notLooked).to.deep.equal([]);
  });

  it("puts the worst first", () => {
    const seen = {
      ...withFirst("quotas", { status: { used: { pods: "9" } } }),
      tlsSecrets: withFirst("tlsSecrets", { certificate: served().expired }).tlsSecrets,
      jobs: withFirst("jobs", { status: { conditions: [{ type: "Failed", status: "True" }] } })
        .jobs,
    } as Seen;
    expect(found(seen).map(({ severity }) => severity)).to.deep.equal([
      "critical",
      "high",
      "medium",
    ]);
  });

  it("says which checks it could not make for lack of rights, and makes the others", () => {
    const seen = withFirst("quotas", { status: { used: { pods: "9" } } });
    const denied = new Map([["releases", ["list secrets"]]] as const);
    const { findings, notLooked } = examine({ seen, denied }, context, false);
    expect(findings.map(({ check }) => check)).to.deep.equal(["quotas"]);
    expect(notLooked).to.deep.equal([
      { check: "Helm releases", reason: "missing rights: list secrets" },
    ]);
  });

  it("says which objects a dry run could not compare", () => {
    const reason = "roles.rbac.authorization.k8s.io is forbidden: cannot patch";
    const seen = {
      ...well(),
      drift: {
        ...well().drift,
        notCompared: ["Role shop/a", "Role shop/b"].map((object) => ({ object, reason })),
      },
    };
    const { notLooked } = examine({ seen, denied: new Map() }, context, false);
    expect(notLooked).to.deep.equal([
      { check: "drift", reason: `Role shop/a: ${reason}, and 1 more object` },
    ]);
  });

  it("does not ask for the metrics of simulated pods", () => {
    const seen = withFirst("autoscalers", failing("ScalingActive", "FailedGetPodsMetric", ""));
    const { findings, notLooked } = examine({ seen, denied: new Map() }, context, true);
    expect(findings).to.deep.equal([]);
    expect(notLooked.map(({ check }) => check)).to.deep.equal(["autoscalers"]);
  });
});
