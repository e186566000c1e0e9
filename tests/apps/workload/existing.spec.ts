import { expect } from "chai";
import { hostAndPort } from "../../../components/apps/connect";
import { service } from "../../../components/apps/declaration";
import { networkLabelsOf } from "../../../components/apps/network";
import type { DeploymentWorkload } from "../../../components/apps/workload/workload-args";
import { workloadProblems } from "../../../components/apps/workload/workload-problems";
import { deployWorkload, at, goodShape } from "../fixtures";
import { web } from "../shop";

/** What a chart of release `live` made. */
const made = {
  existing: {
    deployment: "live-orders",
    service: "live-orders",
    serviceAccount: "live-orders",
    disruptionBudget: "live-budget",
    selector: { "app.kubernetes.io/name": "orders", "app.kubernetes.io/instance": "live" },
    configMaps: ["live-config"],
  },
} as const satisfies Partial<DeploymentWorkload>;

const changed = { ...made, config: { env: { LEVEL: "info" } } } as const;

function problemsOf(changes: Partial<DeploymentWorkload>): readonly string[] {
  return workloadProblems({ ...goodShape, ...changes }).map(
    ({ field, message }) => `${field}: ${message}`,
  );
}

describe("a workload that is there already", () => {
  it("keeps the names and the selector that it was made with", async () => {
    const recorded = await deployWorkload(made);
    const deployment = recorded.find("Deployment", "live-orders");
    expect(at(deployment.inputs, "spec.selector.matchLabels")).to.deep.equal(
      made.existing.selector,
    );
    expect(at(deployment.inputs, "spec.template.metadata.labels")).to.include({
      ...made.existing.selector,
      app: "orders",
    });
    const service = recorded.find("Service", "live-orders");
    expect(at(service.inputs, "spec.selector")).to.deep.equal(made.existing.selector);
    const budget = recorded.find("PodDisruptionBudget", "live-budget");
    expect(at(budget.inputs, "spec.selector.matchLabels")).to.deep.equal(made.existing.selector);
    expect(at(deployment.inputs, "spec.template.spec.serviceAccountName")).to.equal("live-orders");
  });

  it("imports nothing where the stack does not say so", async () => {
    const recorded = await deployWorkload(changed);
    expect(recorded.resources.map((resource) => resource.import)).to.not.include(
      "shop/live-orders",
    );
    expect(recorded.all("ConfigMap")).to.have.length(1);
  });

  it("registers only what is there while nothing may change, and ignores all of it", async () => {
    const recorded = await deployWorkload({ ...changed, takeOver: "unchanged" });
    const objects = recorded.resources.filter(({ parent }) => parent.includes("apps:Workload"));
    expect(objects.map((object) => [object.name, object.import])).to.have.deep.members([
      ["shop-orders-deployment", "shop/live-orders"],
      ["shop-orders-service", "shop/live-orders"],
      ["shop-orders-service-account", "shop/live-orders"],
      ["shop-orders-disruption-budget", "shop/live-budget"],
      ["shop-orders-left-live-config", "shop/live-config"],
    ]);
    for (const { ignoreChanges } of objects) {
      expect(ignoreChanges).to.include.members(["metadata", "spec", "data"]);
    }
  });

  it("runs no migration and no smoke test while nothing may change", async () => {
    const job = { args: ["run"] };
    const recorded = await deployWorkload({
      ...changed,
      takeOver: "unchanged",
      migration: job,
      smokeTest: job,
    });
    expect(recorded.all("Job")).to.deep.equal([]);
  });

  it("then updates the same objects, and gives up the ConfigMaps of before", async () => {
    const recorded = await deployWorkload({ ...changed, takeOver: "update" });
    const deployment = recorded.find("Deployment", "live-orders");
    expect(deployment.import).to.equal("shop/live-orders");
    expect(deployment.ignoreChanges).to.deep.equal([]);
    // The engine replaces a budget of another form, which it would refuse for an import.
    expect(recorded.find("PodDisruptionBudget", "live-budget").import).to.equal("");
    expect(recorded.all("ConfigMap").map(({ name }) => name)).to.deep.equal([
      "shop-orders-config-env",
    ]);
  });

  it("never asks for another address of its Service, which would replace it", async () => {
    for (const takeOver of ["update", undefined] as const) {
      const { ignoreChanges } = (await deployWorkload({ ...made, takeOver })).find(
        "Service",
        "live-orders",
      );
      expect(ignoreChanges).to.include("spec.clusterIP");
    }
  });

  it("is known to the network by the label that its selector fixes", async () => {
    const selector = { app: "live-orders", release: "live" };
    const recorded = await deployWorkload({
      existing: { deployment: "live-orders", selector },
      migration: { args: ["migrate"] },
    });
    const labelsOf = (type: string): unknown =>
      at(recorded.all(type)[0]?.inputs ?? {}, "spec.template.metadata.labels");
    expect(labelsOf("Deployment")).to.include(selector);
    expect(labelsOf("Job")).to.include({ app: "live-orders" }).and.to.not.have.property("release");
    const declared = service("orders", { ...web, existing: { selector } });
    expect(networkLabelsOf(declared)).to.deep.equal({ app: "live-orders" });
  });

  it("is called by the name of its Service", () => {
    const declared = service("orders", { ...web, existing: { service: "live-orders" } });
    expect(hostAndPort(declared.address.http, "shop", [declared])).to.equal(
      "live-orders.shop.svc.cluster.local:8080",
    );
  });

  it("leaves the number of pods to an autoscaler that was there", async () => {
    const existing = { deployment: "live-orders", autoscaler: "live-hpa" };
    const recorded = await deployWorkload({
      existing,
      takeOver: "update",
      scaling: { hpa: { min: 2, max: 4 } },
    });
    const hpa = recorded.find("HorizontalPodAutoscaler", "live-hpa");
    expect(at(hpa.inputs, "spec.scaleTargetRef.name")).to.equal("live-orders");
    expect(recorded.find("Deployment", "live-orders").ignoreChanges).to.include("spec.replicas");
  });

  it("is refused with an object that the declaration does not have", () => {
    expect(problemsOf({ existing: { autoscaler: "live-hpa", ingress: "live" } })).to.deep.equal([
      `existing.autoscaler: got "live-hpa", but it scales by no autoscaler. Declare that, or delete the object and leave its name out.`,
      `existing.ingress: got "live", but it has no public path. Declare that, or delete the object and leave its name out.`,
    ]);
  });

  it("is refused with a selector that selects every pod, or the pods of its migration", () => {
    expect(problemsOf({ existing: { deployment: "orders", selector: {} } })[0]).to.contain(
      "selects every pod of the namespace",
    );
    const own = { deployment: "orders", selector: { app: "orders" } };
    expect(problemsOf({ existing: own })).to.deep.equal([]);
    expect(problemsOf({ existing: own, migration: { args: ["migrate"] } })[0]).to.contain(
      "selects the pods of its migration and smoke test too",
    );
  });

  it("is refused with a name that no object can have", () => {
    expect(problemsOf({ existing: { deployment: "Live_Orders" } })[0]).to.contain(
      `existing.deployment: got "Live_Orders"`,
    );
  });

  it("cannot be taken over when the declaration does not say what is there", () => {
    expect(problemsOf({ takeOver: "unchanged" })[0]).to.contain(
      `takeOver: got "unchanged", but the declaration names no object`,
    );
  });
});
