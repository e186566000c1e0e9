import { expect } from "chai";
import { chartNames, chartType } from "../../../sandbox/render/charts";
import { plannedResources } from "../../../sandbox/render/plan";
import { recordedPreview, urn } from "./recorded";

const chart = urn(chartType, "data-store-chart");

function named(...labels: readonly Readonly<Record<string, string>>[]): string | undefined {
  const children = labels.map((each, index) => ({
    urn: urn("kubernetes:core/v1:ConfigMap", `object-${index}`),
    type: "kubernetes:core/v1:ConfigMap",
    parent: chart,
    inputs: {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: `object-${index}`, labels: each },
    },
  }));
  const recorded = recordedPreview([{ urn: chart, type: chartType, custom: false }, ...children]);
  return chartNames(plannedResources(recorded)).get(chart);
}

describe("the name of a chart", () => {
  it("is what its objects' label says, without the version", () => {
    expect(named({ "helm.sh/chart": "cert-manager-v1.21.1" })).to.equal("cert-manager");
    expect(named({ "helm.sh/chart": "ingress-nginx-4.15.1" })).to.equal("ingress-nginx");
  });

  it("is read from the label of older charts too", () => {
    expect(named({ chart: "minio-5.4.0" })).to.equal("minio");
  });

  it("is what most objects say, where a chart within it names itself", () => {
    expect(
      named(
        { "helm.sh/chart": "redis-1.0.0" },
        { "helm.sh/chart": "app-2.0.0" },
        { "helm.sh/chart": "app-2.0.0" },
      ),
    ).to.equal("app");
  });

  it("is the resource's name where no object says", () => {
    expect(named({})).to.equal("data-store-chart");
  });
});
