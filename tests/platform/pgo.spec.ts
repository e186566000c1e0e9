import { expect } from "chai";
import type { ChartObject } from "../../components/kit/chart";
import { Pgo, pgoTransforms, pgoValues } from "../../components/platform/pgo";
import { chartFact, unknownKeys } from "../support/chart-facts";
import { deploy } from "../support/mocks";
import { environment } from "../support/rooms";

describe("the values of PGO", () => {
  const values = pgoValues({ replicas: 2 });

  it("run as many operators as the stack says, of which one leads", () => {
    expect(values.replicas).to.equal(2);
    expect(values.pgoControllerLeaseName).to.equal("cpk-leader-election-lease");
  });

  it("limit the operator, which the chart does not", () => {
    expect(values.resources.controller.limits).to.deep.equal({ cpu: "400m", memory: "256Mi" });
  });

  it("watch every namespace: the databases live in another one", () => {
    expect(values.singleNamespace).to.equal(false);
  });

  it("switch off the debugging log, which the chart switches on", () => {
    expect(values.debug).to.equal(false);
  });

  it("are keys the real chart knows", function () {
    const file = chartFact(this, "pgo", "values.yaml");
    expect(unknownKeys(values, file.read())).to.deep.equal([]);
  });
});

describe("the operator's Deployment", () => {
  const rendered: ChartObject = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "pgo" },
    spec: {
      template: {
        spec: { containers: [{ name: "operator", livenessProbe: { periodSeconds: 20 } }] },
      },
    },
  };
  const changed = pgoTransforms.reduce((object, change) => change(object), rendered);

  it("is spread over zones and hosts, which the chart has no value for", () => {
    expect(changed)
      .to.have.nested.property("spec.template.spec.topologySpreadConstraints")
      .with.lengthOf(2);
  });

  it("may fail its liveness probe for longer than its readiness probe", () => {
    const path = "spec.template.spec.containers[0]";
    expect(changed).to.have.deep.nested.property(`${path}.livenessProbe`, {
      periodSeconds: 20,
      failureThreshold: 5,
    });
    expect(changed).to.have.deep.nested.property(`${path}.readinessProbe`, {
      failureThreshold: 3,
    });
  });
});

describe("Pgo", () => {
  const installed = (replicas: number, retention: "keep" | "delete" = "keep") =>
    deploy(() => new Pgo("pgo", { replicas, environment, retention }));

  it("adds the disruption budget that the chart has no value for", async () => {
    const budget = (await installed(2)).find("PodDisruptionBudget", "pgo");
    expect(budget.inputs.spec).to.deep.equal({
      minAvailable: 1,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
      selector: { matchLabels: { "postgres-operator.crunchydata.com/control-plane": "pgo" } },
    });
  });

  it("has no disruption budget at one pod, where it could only block a drain", async () => {
    expect((await installed(1)).all("PodDisruptionBudget")).to.deep.equal([]);
  });

  it("reaches the API server and nothing else", async () => {
    const recorded = await installed(2);
    expect(recorded.find("NetworkPolicy", "allow-api-server").inputs.spec).to.deep.include({
      policyTypes: ["Egress"],
      egress: [{ ports: [443, 6443].map((port) => ({ protocol: "TCP", port })) }],
    });
  });

  it("keeps the definition, and so every PostgresCluster, when data is kept", async () => {
    const chart = (await installed(2)).find("Chart", "pgo-chart");
    const { opts } = await chart.transform(
      "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
      "postgresclusters",
      { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" },
    );
    expect(opts).to.include({ protect: true, retainOnDelete: true });
  });
});
