import { expect } from "chai";
import { deployment, named, object } from "../stack";
import { review, risksOf } from "./verdict";

const service = (spec: Readonly<Record<string, unknown>>) =>
  object({ apiVersion: "v1", kind: "Service", metadata: named("orders"), spec });

describe("replacements and deletions", () => {
  it("are named in the verdict with the field, the reason and the safe path", () => {
    const selector = { selector: { matchLabels: { app: "orders" } } };
    const report = review([object(deployment())], [object(deployment({ spec: selector }))]);
    expect(report.verdict.line).to.contain("replacement (Deployment shop/orders)");
    const [risk] = report.risks.filter(({ kind }) => kind === "replacement");
    expect(risk?.summary).to.contain("spec.selector").and.contain("its pods are away meanwhile");
    expect(risk?.safePath).to.contain("Keep the selector");
    expect(report.restarts[0]).to.deep.include({
      how: "3 pods, all deleted before the new ones start",
      because: [
        'spec.selector.matchLabels["app.kubernetes.io/name"]',
        "spec.selector.matchLabels.app",
      ],
      downtime: true,
    });
  });

  it("warn of a resource that moves in the program without an alias", () => {
    const before = object(deployment(), { urn: "urn:pulumi:production::slipway::t::a" });
    const after = object(deployment(), { urn: "urn:pulumi:production::slipway::t::b" });
    expect(risksOf(review([before], [after]), "replacement")[0]).to.contain("without an alias");
  });

  it("are not seen in an object that is named by its content", () => {
    const config = (name: string, level: string) =>
      object({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: named(name),
        immutable: true,
        data: { level },
      });
    const report = review([config("c-0123456789", "info")], [config("c-9876543210", "debug")]);
    expect(report.verdict.outcome).to.equal("nothing-risky");
  });

  it("name an edit that the API server refuses", () => {
    const priority = (value: number) =>
      object({
        apiVersion: "scheduling.k8s.io/v1",
        kind: "PriorityClass",
        metadata: { name: "high" },
        value,
      });
    const report = review([priority(1)], [priority(2)]);
    expect(report.verdict.line).to.contain("refused by the API server (PriorityClass high)");
  });

  it("name what is missed when an object goes", () => {
    const report = review([object(deployment()), service({})], []);
    expect(report.verdict.line).to.contain(
      "deletion (Deployment shop/orders, Service shop/orders)",
    );
    expect(risksOf(report, "deletion")).to.deep.equal([
      "Deployment shop/orders: it is deleted: the workload stops",
      "Service shop/orders: it is deleted: its callers find nothing under its name",
    ]);
  });
});
