import { expect } from "chai";
import {
  application,
  nodeService,
  service,
  statefulService,
} from "../../components/apps/declaration";
import { resolveApplications } from "../../components/apps/resolve";
import type { StackSettings } from "../../components/apps/resolved";
import { givenFeatures } from "../../components/apps/workload/feature-problems";
import { measured } from "../support/rooms";
import { images } from "./fixtures";

const web = {
  ports: { http: 8080 },
  probes: {
    liveness: { http: { path: "/live", port: "http" } },
    readiness: { http: { path: "/ready", port: "http" } },
  },
  resources: {
    typical: { cpu: "100m", memory: "100Mi" },
    peak: { cpu: "200m", memory: "200Mi" },
  },
} as const;

/** What is said of an application of these services with these settings; empty when it is taken. */
function refusal(
  services: Parameters<typeof application>[0]["services"],
  settings: Partial<StackSettings>,
): string {
  const declaration = application({ name: "shop", team: "checkout", services });
  try {
    resolveApplications(
      [{ declaration, settings: { host: "shop.example.com", services: {}, ...settings } }],
      { environment: "test", images, features: givenFeatures(measured) },
    );
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "";
}

/** What three pods of `web` need, one of them for the rollout. */
const three = {
  requests: { cpu: "300m", memory: "300Mi" },
  limits: { cpu: "600m", memory: "600Mi" },
  pods: 3,
  services: 1,
};

describe("a quota", () => {
  const pair = { ...web, scaling: { fixed: 2 }, rollout: { maxSurge: 1 } } as const;
  const orders = service("orders", pair);

  it("is enough when it holds the most pods and the one that a rollout adds", () => {
    expect(refusal([orders], { quota: three })).to.equal("");
  });

  it("is refused for each amount that is too small", () => {
    const small = { cpu: "250m", memory: "250Mi" };
    expect(refusal([orders], { quota: { requests: small, limits: small, pods: 2, services: 1 } }))
      .to.contain("shop quota.requests.cpu: allows 0.25, but")
      .and.contain("need 0.3.")
      .and.contain("shop quota.requests.memory: allows 250Mi")
      .and.contain("shop quota.limits.cpu: allows 0.25")
      .and.contain("shop quota.limits.memory: allows 250Mi")
      .and.contain("shop quota.pods: allows 2")
      .and.not.contain("quota.services");
  });

  it("holds a service at the most its autoscaler may ask for", () => {
    const scaled = service("orders", { ...pair, scaling: { hpa: { min: 2, max: 3 } } });
    expect(refusal([scaled], { quota: { ...three, pods: 4 } })).to.contain("need 0.4.");
  });

  it("holds a migration beside the pods that go on serving", () => {
    const migrated = service("orders", { ...pair, migration: { command: ["/migrate"] } });
    expect(refusal([migrated], { quota: three })).to.contain("shop quota.pods: allows 3");
  });

  it("counts sidecars, and the greediest init container where it is greedier than the service", () => {
    const sidecar = {
      image: "registry.example.com/proxy:1",
      resources: web.resources,
      ports: { admin: 9901 },
      probes: {
        liveness: { tcp: { port: "admin" } },
        readiness: { http: { path: "/ready", port: "admin" } },
      },
    } as const;
    const beside = service("orders", { ...pair, sidecars: { proxy: sidecar } });
    expect(refusal([beside], { quota: three })).to.contain("need 0.6.");
    const resources = { typical: { cpu: "150m", memory: "10Mi" } };
    const first = service("orders", { ...pair, initContainers: { warm: { resources } } });
    expect(refusal([first], { quota: { ...three, limits: { cpu: "9", memory: "9Gi" } } }))
      .to.contain("need 0.45.")
      .and.not.contain("memory");
  });

  it("counts both Services of a stateful one, which has no spare pod", () => {
    const stateful = statefulService("orders", { ...web, scaling: { fixed: 2 } });
    const quota = { ...three, pods: 2 };
    expect(refusal([stateful], { quota })).to.contain("shop quota.services: allows 1");
    expect(refusal([stateful], { quota: { ...quota, services: 2 } })).to.equal("");
  });

  it("cannot be judged for what runs on each node", () => {
    const quota = { ...three, pods: 1 };
    expect(refusal([nodeService("agent", web)], { quota })).to.equal("");
  });
});

describe("the fewest pods that a stack asks for", () => {
  it("are one when it says nothing", () => {
    expect(refusal([service("orders", { ...web, scaling: { fixed: 1 } })], {})).to.equal("");
  });

  it("are refused below, and taken at it", () => {
    const minReplicas = 2;
    expect(
      refusal([service("orders", { ...web, scaling: { fixed: 1 } })], { minReplicas }),
    ).to.contain("shop/orders scaling: has a floor of 1; the stack asks for at least 2");
    expect(
      refusal([service("orders", { ...web, scaling: { hpa: { min: 1, max: 4 } } })], {
        minReplicas,
      }),
    ).to.contain("has a floor of 1");
    expect(refusal([service("orders", web)], { minReplicas })).to.equal("");
  });

  it("are not asked of what two pods would break, which the stack cannot scale", () => {
    const cache = service("cache", { ...web, scaling: { singleton: "each would have its own" } });
    expect(refusal([cache], { minReplicas: 2 })).to.equal("");
    const services = { cache: { env: {}, scaling: { fixed: 3 } } };
    expect(refusal([cache], { services })).to.contain(
      "shop/cache scaling: the stack's settings have another number of pods for it, but there can be one only: each would have its own.",
    );
  });
});
