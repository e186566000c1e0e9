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
    expect(report.verdict.line).to.contain("downtime (Deployment shop/orders)");
  });

  it("of what holds data are named in the verdict", () => {
    const after = statefulSet({
      template: {
        metadata: { labels: { "app.kubernetes.io/name": "nats" } },
        spec: { containers: [{ name: "api", image: "nats:2.15.0" }] },
      },
    });
    const report = review([object(statefulSet())], [object(after)]);
    expect(report.verdict.line).to.contain("restart (StatefulSet nats/nats)");
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
    expect(report.verdict.line).to.contain("quota (Deployment shop/orders)");
    expect(report.restarts[0]?.blockers).to.deep.equal([
      "the quota of shop has no room for its pods",
    ]);
  });

  it("whose pods a quota refuses are named in the verdict, and a LimitRange lets them in", () => {
    const quota = object({
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: named("quota"),
      spec: { hard: { "limits.memory": "8Gi" } },
    });
    const defaults = object({
      apiVersion: "v1",
      kind: "LimitRange",
      metadata: named("defaults"),
      spec: { limits: [{ type: "Container", default: { memory: "1Gi" } }] },
    });
    const silent = object(deployment({ container: { resources: { limits: { cpu: "1" } } } }));
    const refused =
      "the quota of shop takes no pod without memory limits, which container api does not state";
    const report = review([object(deployment()), quota], [silent, quota]);
    expect(report.verdict.line).to.contain("quota (Deployment shop/orders)");
    expect(report.restarts[0]?.blockers).to.deep.equal([refused]);
    expect(risksOf(review([quota], [silent, quota]), "quota")).to.deep.equal([
      `Deployment shop/orders: its pods are refused: ${refused}`,
    ]);
    expect(review([quota, defaults], [silent, quota, defaults]).risks).to.deep.equal([]);
  });

  it("for another content of a ConfigMap name its key", () => {
    const config = (hash: string, level: string) =>
      object({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: named(`settings-${hash}`),
        data: { level },
        immutable: true,
      });
    const reader = (hash: string) =>
      object(
        deployment({ container: { envFrom: [{ configMapRef: { name: `settings-${hash}` } }] } }),
      );
    const [before, after] = ["0123456789", "9876543210"] as const;
    const report = review(
      [config(before, "info"), reader(before)],
      [config(after, "debug"), reader(after)],
    );
    expect(report.restarts[0]?.because).to.deep.equal(["data.level of ConfigMap settings"]);
  });

  it("of what is protected and would be replaced stop the update", () => {
    const shape = { selector: { matchLabels: { app: "orders" } } };
    const facts = { protect: true };
    const report = review(
      [object(deployment(), facts)],
      [object(deployment({ spec: shape }), facts)],
    );
    expect(report.restarts[0]?.notes).to.deep.equal(["it is protected: the update stops at it"]);
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
    const reloaded = object({
      ...deployment({ container: { envFrom: [{ configMapRef: { name: "settings" } }] } }),
      metadata: named("orders", "shop", {
        annotations: { "configmap.reloader.stakater.com/reload": "other,settings" },
      }),
    });
    expect(
      risksOf(review([config("info"), reloaded], [config("debug"), reloaded]), "restart"),
    ).to.deep.equal([
      "ConfigMap shop/settings: it changes in place, and Reloader restarts Deployment shop/orders",
    ]);
  });
});
