import { expect } from "chai";
import { deployment, named, object, statefulSet } from "../stack";
import { review, risksOf } from "./verdict";

const bumped = (name: string) =>
  deployment({ name, container: { image: "registry.example.com/acme/x:2.0.0" } });

describe("restarts", () => {
  it("are told with the field, the budget and the longest time, and are no risk without a gap", () => {
    const report = review([object(deployment())], [object(bumped("orders"))]);
    expect(report.restarts).to.have.length(1);
    expect(report.restarts[0]).to.deep.include({
      because: ["spec.template.spec.containers[api].image"],
      how: "3 pods, 1 more at a time, none missing",
      // Three pods one after the other, each with a startup window of 30 × 5 s, and 40 s for the last old one.
      seconds: 3 * 150 + 40,
      downtime: false,
    });
    expect(report.verdict.line).to.contain("1 workload restarts");
  });

  it("are none when only the scale changes", () => {
    const report = review([object(deployment())], [object(deployment({ spec: { replicas: 5 } }))]);
    expect(report.restarts).to.deep.equal([]);
    expect(report.verdict).to.deep.equal({
      outcome: "nothing-risky",
      line: "Nothing risky. 1 change: 1 updated; nothing restarts.",
    });
  });

  it("come in the order of what waits for what, through objects that do not restart", () => {
    const first = object(bumped("orders"));
    const between = object(
      { apiVersion: "v1", kind: "Service", metadata: named("orders"), spec: {} },
      { dependsOn: [first.urn] },
    );
    const second = object(bumped("web"), { dependsOn: [between.urn] });
    const before = [object(deployment()), between, object(deployment({ name: "web" }))];
    const places = review(before, [second, between, first]).restarts.map(
      ({ place, object: { view } }) => `${place} ${view.name}`,
    );
    expect(places).to.deep.equal(["1 orders", "2 web"]);
  });

  it("with a gap are named in the verdict", () => {
    const recreate = { strategy: { type: "Recreate" } };
    const before = object(deployment({ spec: recreate }));
    const after = object(
      deployment({
        spec: recreate,
        container: { image: "registry.example.com/acme/orders:1.5.0" },
      }),
    );
    const report = review([before], [after]);
    expect(report.verdict.line).to.contain("downtime (1)");
  });

  it("of what holds data are named in the verdict", () => {
    const after = statefulSet({
      template: {
        metadata: { labels: { "app.kubernetes.io/name": "nats" } },
        spec: { containers: [{ name: "api", image: "nats:2.15.0" }] },
      },
    });
    const report = review([object(statefulSet())], [object(after)]);
    expect(report.verdict.line).to.contain("restart (1)");
    expect(risksOf(report, "restart")[0]).to.contain("3 pods, 1 at a time from the last");
  });

  it("that a quota leaves no room for are named in the verdict", () => {
    const quota = object({
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: named("quota"),
      spec: { hard: { pods: "3" } },
    });
    const report = review([object(deployment()), quota], [object(bumped("orders")), quota]);
    expect(report.verdict.line).to.contain("quota (1)");
    expect(report.restarts[0]?.blockers).to.deep.equal([
      "the quota of shop has no room for its pods",
    ]);
  });

  it("tell of a disruption budget that lets no pod go", () => {
    const budget = (minAvailable: number) =>
      object({
        apiVersion: "policy/v1",
        kind: "PodDisruptionBudget",
        metadata: named("orders"),
        spec: { minAvailable, selector: { matchLabels: { "app.kubernetes.io/name": "orders" } } },
      });
    const notes = (least: number) =>
      review([object(deployment()), budget(least)], [object(bumped("orders")), budget(least)])
        .restarts[0]?.notes;
    expect(notes(3)).to.deep.equal([
      "PodDisruptionBudget orders allows no eviction, so nodes cannot be drained",
    ]);
    expect(notes(2)).to.deep.equal([]);
  });

  it("that do not happen although a setting changes are told", () => {
    const config = (level: string) =>
      object({ apiVersion: "v1", kind: "ConfigMap", metadata: named("settings"), data: { level } });
    const reader = object(
      deployment({ container: { envFrom: [{ configMapRef: { name: "settings" } }] } }),
    );
    const report = review([config("info"), reader], [config("debug"), reader]);
    expect(risksOf(report, "restart")).to.deep.equal([
      "ConfigMap shop/settings: it changes in place, and Deployment shop/orders does not restart for it",
    ]);
  });
});
