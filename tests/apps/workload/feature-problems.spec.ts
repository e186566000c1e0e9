import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { service } from "../../../components/apps/declaration";
import { readPlan } from "../../../components/apps/plan";
import { resolveApplications } from "../../../components/apps/resolve";
import type { KedaTrigger } from "../../../components/apps/workload/event-scaling";
import type { DeployedService } from "../../../components/apps/workload/release";
import type { Scaling } from "../../../components/apps/workload/scaling";
import type { FeatureName } from "../../../components/platform";
import { parseSettings, projectConfig, type Settings } from "../../../components/settings";
import { images } from "../fixtures";
import { resolved, settings, shop, web } from "../shop";

/** What is said of a service that scales so where the platform has these features. */
function refusal(scaling: Scaling<never>, ...features: readonly FeatureName[]): string {
  try {
    resolved(
      {},
      { ...shop, services: [service("orders", { ...web, scaling })] },
      new Set(features),
    );
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "";
}

describe("a service is refused that scales on", () => {
  const bounds = { min: 2, max: 4 };
  const needs = (field: string, setting: string): string =>
    `shop/orders ${field}: needs slipway:platform.${setting}, which this stack does not have. Add it, or give the ` +
    `service another scaling in this stack, such as fixed.`;

  for (const hpa of [{}, { cpu: 70 }, { memory: 80 }]) {
    it(`${Object.keys(hpa)[0] ?? "CPU, because nothing is said,"} where nobody measures it`, () => {
      const scaling = { hpa: { ...bounds, ...hpa } };
      expect(refusal(scaling)).to.contain(needs("scaling.hpa", "metricsServer"));
      expect(refusal(scaling, "resourceMetrics")).to.equal("");
    });
  }

  it("its pods' own metrics where no adapter serves them", () => {
    const scaling = { hpa: { ...bounds, pods: { http_requests_per_second: "100" } } };
    expect(refusal(scaling, "resourceMetrics")).to.contain(
      needs("scaling.hpa.pods", "prometheusAdapter"),
    );
    expect(refusal(scaling, "customMetrics")).to.equal("");
  });

  it("CPU beside an event, where nobody measures it", () => {
    const triggers: readonly KedaTrigger[] = [
      { type: "prometheus", metadata: { query: "up" } },
      { type: "cpu", metadata: { value: "70" } },
    ];
    const scaling = { keda: { ...bounds, fallback: 2, triggers } };
    expect(refusal(scaling, "eventScaling")).to.contain(
      needs("scaling.keda.triggers", "metricsServer"),
    );
    expect(refusal(scaling, "eventScaling", "resourceMetrics")).to.equal("");
  });

  it("but not one that has a fixed number of pods, or scales on what another adapter serves", () => {
    expect(refusal({ fixed: 2 })).to.equal("");
    expect(refusal({ hpa: { ...bounds, external: { queue: { average: "10" } } } })).to.equal("");
  });

  it("what the production stack measures, once that is taken out of its file", async () => {
    const file = join(__dirname, "..", "..", "..", "Pulumi.production.yaml");
    const { config } = parse(readFileSync(file, "utf8")) as {
      readonly config: Readonly<Record<string, unknown>>;
    };
    const texts = Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    const production = parseSettings(
      projectConfig(Object.fromEntries(texts) as Record<string, string>),
    );
    const facts = { given: { services: {}, others: "1.0.0" }, deployed: new Map() };
    await readPlan(production, facts);
    const measuring = ["metricsServer", "prometheusAdapter"];
    const platform = Object.fromEntries(
      Object.entries(production.platform ?? {}).filter(([key]) => !measuring.includes(key)),
    );
    const refused: unknown = await readPlan({ ...production, platform } as Settings, facts).catch(
      (reason: unknown) => reason,
    );
    expect(String(refused))
      .to.contain("storefront/auth scaling.hpa: needs slipway:platform.metricsServer")
      .and.contain("fulfilment/payments scaling.hpa.pods: needs slipway:platform.prometheusAdapter")
      .and.not.contain("online-boutique/");
  });
});

describe("a service that KEDA scales", () => {
  const deployed = { eventScaled: true } as unknown as DeployedService;
  const change =
    (scaling: Scaling<never>, was: DeployedService = deployed) =>
    () =>
      resolveApplications(
        [
          {
            declaration: { ...shop, services: [service("orders", { ...web, scaling })] },
            settings,
          },
        ],
        {
          environment: "test",
          images,
          features: new Set(["resourceMetrics"]),
          deployed: new Map([["shop/orders", { ...release, ...was }]]),
        },
      );
  const release: DeployedService = {
    release: { origin: "given", image: "registry.example.com/acme/shop/orders:1.0.0", env: [] },
    before: {},
    applied: true,
    failed: false,
    steps: [],
    again: [],
  } as unknown as DeployedService;

  it("is refused an autoscaler of its own, whose name KEDA's still has, and may have a fixed number", () => {
    expect(change({ hpa: { min: 2, max: 4 } })).to.throw(
      "shop/orders scaling.hpa: KEDA scales the service in this stack until now",
    );
    expect(change({ fixed: 2 })).to.not.throw();
    expect(change({ hpa: { min: 2, max: 4 } }, {} as DeployedService)).to.not.throw();
  });
});
