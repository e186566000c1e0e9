import { expect } from "chai";
import { featuresOf, Platform, type FeatureName } from "../../components/platform";
import type { PlatformSettings } from "../../components/settings/platform";
import { deploy } from "../support/mocks";
import { environment, platformOf } from "../support/rooms";

const monitoring = { replicas: 2, storage: { size: "50Gi" } };

/** Each optional part of the platform in a stack file, and the features it brings. */
const parts: readonly (readonly [Partial<Record<keyof PlatformSettings, unknown>>, FeatureName])[] =
  [
    [{ keda: { replicas: 2 } }, "eventScaling"],
    [{ metricsServer: { replicas: 2 } }, "resourceMetrics"],
    [{ metricsServer: "installed" }, "resourceMetrics"],
    [{ verticalPodAutoscaler: "installed" }, "recommendations"],
    [{ reloader: { replicas: 2 } }, "reloader"],
    [{ kubePrometheusStack: monitoring }, "monitoring"],
  ];

async function platformWith(settings: PlatformSettings): Promise<Platform> {
  let platform: Platform | undefined;
  await deploy(() => {
    platform = new Platform("platform", { settings, environment, retention: "keep" });
  });
  if (platform === undefined) {
    throw new Error("The program registered no platform.");
  }
  return platform;
}

describe("the features of a platform", () => {
  it("are none but the PriorityClasses when the stack names no optional part", async () => {
    expect([...featuresOf(platformOf())]).to.deep.equal([]);
    const { priorityClasses, ...optional } = (await platformWith(platformOf())).features;
    expect(priorityClasses.names.critical).to.equal("slipway-critical");
    expect(Object.values(optional).filter((feature) => feature !== undefined)).to.deep.equal([]);
  });

  for (const [part, feature] of parts) {
    it(`have ${feature} with ${JSON.stringify(part)}, as the settings alone already say`, async () => {
      const settings = platformOf(part);
      expect([...featuresOf(settings)]).to.deep.equal([feature]);
      expect((await platformWith(settings)).features[feature]).to.have.property("ready");
    });
  }

  it("have the metrics of pods where Prometheus and its adapter are", async () => {
    const settings = platformOf({
      kubePrometheusStack: monitoring,
      prometheusAdapter: { replicas: 2 },
    });
    expect([...featuresOf(settings)]).to.have.members(["monitoring", "customMetrics"]);
    const { features } = await platformWith(settings);
    expect(features.customMetrics).to.have.property("ready");
  });

  it("have recommendations where the recommender is installed beside the metrics server", async () => {
    const settings = platformOf({
      metricsServer: { replicas: 2 },
      verticalPodAutoscaler: { replicas: 2 },
    });
    expect([...featuresOf(settings)]).to.have.members(["resourceMetrics", "recommendations"]);
    const { features } = await platformWith(settings);
    expect(features.recommendations?.ready).not.to.have.lengthOf(0);
  });

  it("cannot have the metrics of pods without a Prometheus", () => {
    expect(() => platformOf({ prometheusAdapter: { replicas: 2 } })).to.throw(
      "left out where kubePrometheusStack is: there is no Prometheus to ask",
    );
  });

  it("need no second metrics server where the cluster has one", async () => {
    const settings = platformOf({ metricsServer: "installed" });
    const recorded = await deploy(
      () => new Platform("platform", { settings, environment, retention: "keep" }),
    );
    expect(recorded.all("MetricsServer")).to.deep.equal([]);
  });
});
