import { expect } from "chai";
import { readEventLog, UnreadableLogError } from "../../../review/input/event-log";
import { readDependencies, readPreview } from "../../../review/input/preview";
import { jsonOf } from "../../../review/page/json";
import { markdownOf } from "../../../review/page/markdown";
import { restarts } from "../../../review/risks/restarts";
import { deployment, named, type Manifest } from "../stack";
import { reviewLog, reviewSteps, stepEvent, summary, urnOf } from "./engine-events";

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
