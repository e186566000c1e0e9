import { expect } from "chai";
import { risksOf } from "../risks/verdict";
import { deployment, named, postgresCluster, statefulSet } from "../stack";
import { reviewSteps, urnOf, type TestStep } from "./engine-events";

const service = { apiVersion: "v1", kind: "Service", metadata: named("web"), spec: {} };

describe("the verdict on a preview", () => {
  const lineOf = (...steps: readonly TestStep[]): string => reviewSteps(...steps).verdict.line;

  it("names a database that is deleted", () => {
    expect(lineOf({ op: "delete", before: postgresCluster() })).to.match(
      /^Needs a human: data at risk \(PostgresCluster postgres\/db\)/,
    );
  });

  it("names a database that loses its protection", () => {
    expect(
      lineOf({
        op: "same",
        before: postgresCluster(),
        after: postgresCluster(),
        stateBefore: { protect: true },
      }),
    ).to.contain("data at risk (PostgresCluster postgres/db)");
  });

  it("names volumes whose StatefulSet is replaced, with the safe path", () => {
    const after = statefulSet({ volumeClaimTemplates: [] });
    const steps = ["create-replacement", "replace", "delete-replaced"].map((op): TestStep => ({
      op,
      before: statefulSet(),
      ...(op === "delete-replaced" ? {} : { after }),
      keys: ["spec"],
      detailedDiff: { "spec.volumeClaimTemplates": { diffKind: "delete-replace" } },
    }));
    const report = reviewSteps(...steps);
    expect(report.changes.map(({ action }) => action)).to.deep.equal(["replace"]);
    expect(report.verdict.line).to.contain("data at risk (StatefulSet nats/nats)");
    expect(report.risks[0]?.safePath).to.contain("--cascade=orphan");
  });

  it("names a replacement that only the engine knows of, and its field", () => {
    const report = reviewSteps({
      op: "replace",
      before: service,
      after: { ...service, spec: { loadBalancerClass: "b" } },
      keys: ["spec"],
      detailedDiff: { "spec.loadBalancerClass": { diffKind: "update-replace" } },
    });
    expect(report.verdict.line).to.contain("replacement (Service shop/web)");
    expect(risksOf(report, "replacement")[0]).to.contain("for spec.loadBalancerClass");
  });

  it("names a replacement for another provider", () => {
    const report = reviewSteps({
      op: "replace",
      before: service,
      after: service,
      stateBefore: { provider: "another" },
    });
    expect(risksOf(report, "replacement")[0]).to.contain("its provider is replaced");
  });

  it("names a replacement that somebody asked for", () => {
    const report = reviewSteps({
      op: "replace",
      before: service,
      after: service,
      stateBefore: { taint: true },
    });
    expect(risksOf(report, "replacement")[0]).to.contain("marked it for replacement");
  });

  it("names the provider itself when it is replaced", () => {
    const type = "pulumi:providers:kubernetes";
    const report = reviewSteps({
      op: "replace",
      type,
      urn: urnOf(type, "cluster"),
      before: { context: "a" },
      after: { context: "b" },
    });
    expect(report.verdict.line).to.contain("replacement (kubernetes cluster)");
  });

  it("names a generated password that is made anew, and never its value", () => {
    const type = "random:index/randomPassword:RandomPassword";
    const report = reviewSteps({
      op: "replace",
      type,
      urn: urnOf(type, "orders"),
      before: { keepers: { rotation: "1" } },
      after: { keepers: { rotation: "2" } },
      keys: ["keepers"],
    });
    expect(report.verdict.line).to.equal(
      "Needs a human: secrets (RandomPassword orders). No Kubernetes object changes; 1 other resource changes.",
    );
  });

  it("names an object whose last update did not finish", () => {
    const report = reviewSteps({
      op: "update",
      before: deployment(),
      after: deployment(),
      stateBefore: { initErrors: ["2 of 3 pods are ready"] },
    });
    expect(report.verdict.line).to.contain("unfinished update (Deployment shop/orders)");
    expect(risksOf(report, "unfinished")[0]).to.contain("2 of 3 pods are ready");
  });

  it("takes what an interrupted replacement left for no deletion of the object", () => {
    const report = reviewSteps(
      { op: "delete", before: deployment(), stateBefore: { delete: true } },
      { op: "same", before: deployment(), after: deployment() },
    );
    expect(report.changes).to.deep.equal([]);
    expect(report.verdict.outcome).to.equal("nothing-risky");
    expect(risksOf(report, "unfinished")).to.have.length(1);
  });

  it("names an address that changes without an alias", () => {
    const report = reviewSteps(
      { op: "delete", before: service, urn: urnOf("kubernetes:core/v1:Service", "old") },
      { op: "create", after: service, urn: urnOf("kubernetes:core/v1:Service", "new") },
    );
    expect(report.changes.map(({ action }) => action)).to.deep.equal(["readdress"]);
    expect(report.verdict.line).to.contain("replacement (Service shop/web)");
  });

  it("counts what is imported as neither new nor risky", () => {
    const report = reviewSteps({ op: "import", after: deployment() });
    expect(report.verdict.line).to.equal("Nothing risky. 1 change: 1 imported; nothing restarts.");
  });
});
