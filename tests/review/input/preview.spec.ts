import { expect } from "chai";
import { readEventLog, UnreadableLogError } from "../../../review/input/event-log";
import { readDependencies, readPreview } from "../../../review/input/preview";
import { jsonOf } from "../../../review/page/json";
import { markdownOf } from "../../../review/page/markdown";
import { restarts } from "../../../review/risks/restarts";
import { risksOf } from "../risks/verdict";
import { deployment, named, object, postgresCluster, statefulSet, type Manifest } from "../stack";
import {
  event,
  reviewLog,
  reviewSteps,
  stepEvent,
  summary,
  urnOf,
  type TestStep,
} from "./engine-events";

const secretSignature = "4dabf18193072939515e22adb298388d";
const secret = { [secretSignature]: "1b47061264138c4ac30d75fd1eb44270", ciphertext: "[secret]" };
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const settings = (data: unknown): Manifest => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: named("settings"),
  data,
});
const credentials = (data: unknown): Manifest => ({ ...settings(data), kind: "Secret" });
const service = { apiVersion: "v1", kind: "Service", metadata: named("web"), spec: {} };

describe("a preview", () => {
  it("of a stack that stays as it is says that nothing changes", () => {
    const report = reviewSteps({ op: "same", before: deployment(), after: deployment() });
    expect(report.verdict.line).to.equal("Nothing risky. No changes.");
  });

  it("takes the engine's word for it that an object stays, whatever the program says now", () => {
    const after = deployment({ spec: { replicas: 9 } });
    expect(reviewSteps({ op: "same", before: deployment(), after }).changes).to.deep.equal([]);
  });

  it("shows the fields of an update", () => {
    const [change] = reviewSteps({
      op: "update",
      before: settings({ level: "info" }),
      after: settings({ level: "debug" }),
    }).changes;
    expect(change?.fields).to.deep.equal([{ path: "data.level", before: "info", after: "debug" }]);
  });

  it("says that a secret changes, though both of its values are hidden", () => {
    const report = reviewSteps({
      op: "update",
      before: credentials({ password: secret }),
      after: credentials({ password: secret }),
      detailedDiff: { "data.password": { diffKind: "update", inputDiff: true } },
    });
    expect(report.changes[0]?.fields.map(({ path }) => path)).to.deep.equal(["data.password"]);
    expect(markdownOf(report)).to.contain("- data.password: [secret]\n+ data.password: [secret]");
  });

  it("shows the content of a Secret that is only known after the update as one field", () => {
    const before = { ...credentials(secret) };
    const after = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: named("settings"),
      stringData: secret,
    };
    const report = reviewSteps({
      op: "update",
      before,
      after,
      detailedDiff: {
        data: { diffKind: "delete", inputDiff: true },
        stringData: { diffKind: "add", inputDiff: true },
      },
    });
    expect(report.changes[0]?.fields).to.deep.equal([
      { path: "data", before: "[secret]", after: "[secret]" },
    ]);
  });

  it("shows a value that is not known before the update as such", () => {
    const after = settings({ level: unknown });
    expect(
      jsonOf(reviewSteps({ op: "update", before: settings({ level: "info" }), after })),
    ).to.contain('"after": "[unknown]"');
  });

  it("does not know the order of restarts without dependencies, and knows it with them", () => {
    const roll = (name: string) => {
      const before = deployment({ name });
      return stepEvent({
        op: "update",
        before,
        after: deployment({ name, labels: { version: "2" } }),
        urn: urnOf("kubernetes:apps/v1:Deployment", name),
      });
    };
    const log = readEventLog([roll("a"), roll("b"), summary()].join("\n"), "log");
    const [a, b] = ["a", "b"].map((name) => urnOf("kubernetes:apps/v1:Deployment", name));
    const dependencies = readDependencies(
      JSON.stringify({ steps: [{ urn: a, newState: { dependencies: [b] } }] }),
    );
    expect(readPreview(log).comparison.ordered).to.equal(false);
    const { head, ordered } = readPreview(log, dependencies).comparison;
    expect(ordered).to.equal(true);
    expect(head.at(a ?? "")?.dependsOn).to.deep.equal([b]);
    expect(reviewLog(roll("a")).restarts[0]?.place).to.equal(undefined);
  });

  it("reads the order of restarts from the stack's state as well, through what does not roll", () => {
    const name = (kind: string) => (each: string) => urnOf(`kubernetes:${kind}`, each);
    const roll = (each: string) =>
      stepEvent({
        op: "update",
        before: deployment({ name: each, labels: { version: "1" } }),
        after: deployment({ name: each, labels: { version: "2" } }),
        urn: name("apps/v1:Deployment")(each),
      });
    const [a, b, c] = ["a", "b", "c"].map(name("apps/v1:Deployment"));
    const job = name("batch/v1:Job")("migration");
    const between = stepEvent({
      op: "same",
      before: { apiVersion: "batch/v1", kind: "Job", metadata: named("migration"), spec: {} },
      after: { apiVersion: "batch/v1", kind: "Job", metadata: named("migration"), spec: {} },
      urn: job,
    });
    const log = readEventLog(
      [between, roll("a"), roll("b"), roll("c"), summary()].join("\n"),
      "log",
    );
    const dependencies = readDependencies(
      JSON.stringify({
        deployment: {
          resources: [
            { urn: a, dependencies: [job] },
            { urn: job, dependencies: [b] },
            { urn: b },
            { urn: c },
          ],
        },
      }),
    );
    const places = restarts(readPreview(log, dependencies).comparison).map(({ object, place }) => [
      object.view.name,
      place,
    ]);
    expect(places).to.deep.equal([
      ["b", 1],
      ["c", 1],
      ["a", 2],
    ]);
  });

  it("takes a file that is neither a preview nor a state for none", () => {
    expect(readDependencies('{"steps": 1}')).to.equal(undefined);
    expect(readDependencies("hello")).to.equal(undefined);
  });

  it("compares an object with the one that an alias joins to it", () => {
    const former = urnOf("kubernetes:core/v1:ConfigMap", "former");
    const report = reviewSteps({
      op: "same",
      before: settings({ level: "info" }),
      after: settings({ level: "info" }),
      stateBefore: { urn: former },
    });
    expect(report.changes).to.deep.equal([]);
  });

  it("reads no log that is not the engine's, and names the line", () => {
    expect(() => readEventLog(`${summary()}\nhello`, "some.log")).to.throw(
      UnreadableLogError,
      "some.log, line 2,",
    );
  });
});

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

  it("fails at a mandatory violation that the pack reported", () => {
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

  it("fails with the engine's own reason, and without those that only follow from it", () => {
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

  it("fails when the log stops before the preview did", () => {
    const log = readEventLog(stepEvent({ op: "create", after: service }), "events.jsonl");
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
