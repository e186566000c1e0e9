import { expect } from "chai";
import { at } from "./fixtures";
import { containerIn, deployApplication } from "./deployed";
import type { Recorded } from "../support/mocks";

const services = ["api-gateway", "order-service", "notification-worker", "ml-gateway"];

describe("GoReliable", () => {
  let recorded: Recorded;
  before(async () => {
    recorded = await deployApplication("goreliable");
  });

  it("rolls each service out without taking a pod away first", () => {
    for (const name of services) {
      const { inputs } = recorded.find("Deployment", name);
      expect(at(inputs, "spec.strategy.rollingUpdate.maxUnavailable")).to.equal(0);
    }
  });

  it("gives each service 150 seconds to start, and asks three different questions", () => {
    for (const name of services) {
      const container = containerIn(recorded, name);
      const startup = at(container, "startupProbe") as {
        readonly periodSeconds: number;
        readonly failureThreshold: number;
      };
      expect(startup.periodSeconds * startup.failureThreshold).to.equal(150);
      const paths = ["startupProbe", "livenessProbe", "readinessProbe"].map((probe) =>
        at(container, `${probe}.httpGet.path`),
      );
      expect(new Set(paths)).to.have.property("size", 3);
    }
  });

  it("limits memory above the request, two to three times", () => {
    for (const name of services) {
      const { limits, requests } = containerIn(recorded, name).resources as Record<
        "limits" | "requests",
        { readonly memory: string }
      >;
      const ratio = mebibytes(limits.memory) / mebibytes(requests.memory);
      expect(ratio, name).to.be.within(2, 3);
    }
  });

  it("keeps one pod at a floor of two", () => {
    for (const name of services) {
      expect(at(recorded.find("PodDisruptionBudget", name).inputs, "spec.minAvailable")).to.equal(
        1,
      );
    }
  });

  it("migrates the orders' database before the service starts, past the pooler", () => {
    const migration = recorded
      .all("Job")
      .find(({ inputs }) =>
        String(at(inputs, "metadata.name")).startsWith("order-service-migration"),
      );
    expect(at(migration?.inputs ?? {}, "spec.template.spec.containers.0.args")).to.deep.equal([
      "migrate",
      "up",
    ]);
    const { dependencies } = recorded.find("Deployment", "order-service");
    expect(dependencies).to.include(migration?.urn);
  });

  it("scales the worker on what waits for it, and the others on CPU", () => {
    expect(
      recorded.all("ScaledObject").map(({ inputs }) => at(inputs, "metadata.name")),
    ).to.deep.equal(["notification-worker"]);
    expect(
      recorded.all("HorizontalPodAutoscaler").map(({ inputs }) => at(inputs, "metadata.name")),
    ).to.have.members(["api-gateway", "order-service", "ml-gateway"]);
  });

  it("gives the models more to work with, and a priority of their own", () => {
    expect(at(containerIn(recorded, "ml-gateway"), "resources.requests")).to.deep.equal({
      cpu: "1",
      memory: "2Gi",
    });
    const priority = (name: string): unknown =>
      at(recorded.find("Deployment", name).inputs, "spec.template.spec.priorityClassName");
    expect(priority("ml-gateway")).not.to.equal(priority("api-gateway"));
  });
});

function mebibytes(quantity: string): number {
  return Number.parseInt(quantity, 10) * (quantity.endsWith("Gi") ? 1024 : 1);
}
