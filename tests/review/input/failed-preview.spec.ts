import { expect } from "chai";
import { readEventLog } from "../../../review/input/event-log";
import { readPreview } from "../../../review/input/preview";
import { jsonOf } from "../../../review/page/json";
import { deployment, object } from "../stack";
import { event, reviewLog, stepEvent, summary, urnOf } from "./engine-events";

describe("a preview that failed", () => {
  it("names what is protected and would go, though the engine planned no step for it", () => {
    const urn = urnOf("kubernetes:v1:PostgresCluster", "db");
    const message = `Preview failed: resource "${urn}" cannot be deleted\nbecause it is protected. Unprotect it.\n`;
    const report = reviewLog(
      event("diagnosticEvent", { urn, message, severity: "error", color: "raw" }),
      summary("failed"),
    );
    expect(report.verdict.line).to.equal(
      'Preview failed: db: resource "db" cannot be deleted. Also for a human: ' +
        "data at risk (PostgresCluster db). No changes.",
    );
    expect(report.verdict.outcome).to.equal("failed");
  });

  it("names who wrote a field that the update would apply, in the words of either provider", () => {
    const urn = urnOf("kubernetes:apps/v1:Deployment", "orders");
    const cause =
      'The resource managed by field manager "pulumi-kubernetes-1" had an apply conflict: ' +
      'Apply failed with 2 conflicts: conflicts with "kubectl" using apps/v1:\n- .spec.replicas\n- .spec.paused';
    const known = "server-side apply field conflict detected";
    const lines = [
      `${known}, see https://example.com for troubleshooting help\n${cause}\n`,
      `update of resource "${urn}" failed: ${known}. ${cause}. Leave the field to the other manager.`,
    ].map(
      (message) =>
        reviewLog(
          event("diagnosticEvent", { urn, message, severity: "error", color: "raw" }),
          summary("failed"),
        ).verdict.line,
    );
    for (const line of lines) {
      expect(line).to.equal(
        'Preview failed: orders: somebody else wrote its fields: conflicts with "kubectl" using ' +
          "apps/v1: - .spec.replicas - .spec.paused. No changes.",
      );
    }
  });

  it("failed at a mandatory violation that the pack reported", () => {
    const workload = object(deployment());
    const report = reviewLog(
      stepEvent({ op: "create", after: deployment(), urn: workload.urn, type: workload.type }),
      event("policyEvent", {
        resourceUrn: workload.urn,
        policyName: "memory-limit",
        message:
          '<{%fg 13%}>Deployment/shop/orders: container "api": spec.x is missing; it should be set\n  why: because\n  fix: Set it.<{%reset%}>\n',
        enforcementLevel: "mandatory",
        severity: "high",
      }),
      summary("failed"),
    );
    expect(report.verdict.line).to.match(/^Policy failed: 1 mandatory finding \(memory-limit\)\./);
    const [{ state, finding } = {}] = report.policy;
    expect(state).to.equal("new");
    expect(finding).to.include({
      rule: "memory-limit",
      kind: "Deployment",
      namespace: "shop",
      name: "orders",
      container: "api",
      path: "spec.x",
      message: 'container "api": spec.x is missing; it should be set',
      fix: "Set it.",
    });
  });

  it("says the engine's own reason, without those that only follow from it", () => {
    const error = (message: string): string =>
      event("diagnosticEvent", { urn: "", message, severity: "error" });
    const { problems, verdict } = reviewLog(
      error("preview failed"),
      error("the cluster does not answer"),
      error("could not read: context canceled"),
      summary("failed"),
    );
    expect(problems).to.deep.equal(["the cluster does not answer"]);
    expect(verdict.line).to.match(/^Preview failed: the cluster does not answer\./);
  });

  it("is one whose log stops before the preview did", () => {
    const log = readEventLog(stepEvent({ op: "create", after: deployment() }), "events.jsonl");
    expect(readPreview(log).account.problems).to.deep.equal([
      "The event log stops before the preview did.",
    ]);
  });

  it("shows no token that an error message repeats", () => {
    const token = `ghp_${"a1".repeat(18)}`;
    const report = reviewLog(
      event("diagnosticEvent", { urn: "", message: `refused: ${token}`, severity: "error" }),
      summary("failed"),
    );
    expect(jsonOf(report)).not.to.contain(token);
  });
});
