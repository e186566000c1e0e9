import { expect } from "chai";
import { Applications, demandsOf, readApplications } from "../../components/apps";
import { givenFeatures } from "../../components/apps/workload/feature-problems";
import { applicationSettings } from "../../components/settings/applications";
import { deploy, type Properties, type Recorded } from "../support/mocks";
import { allFeatures } from "../support/rooms";
import { deployApplication, saidIn } from "./deployed";
import { at, connectionTo, images, platform } from "./fixtures";

/** What a stack file says of the storefront, as short as it may be, with these changes. */
function settingsOf(changes: object = {}): ReturnType<typeof applicationSettings.parse> {
  return applicationSettings.parse({ storefront: { host: "shop.example.com", ...changes } });
}

/** A stack with every part that it may leave out. */
const facts = { environment: "test", images, features: givenFeatures(allFeatures) };

function envOf(recorded: Recorded, type: string, name: string, pod: string): readonly Properties[] {
  const { inputs } = recorded.find(type, name);
  const [container] = at(inputs, `${pod}.containers`) as readonly Properties[];
  return (container?.env ?? []) as readonly Properties[];
}

describe("the storefront", () => {
  let recorded: Recorded;

  before(async () => {
    recorded = await deployApplication("storefront");
  });

  const quotas = [
    ["development", "4", "8Gi", "8", "16Gi", "20", "10"],
    ["production", "32", "64Gi", "64", "128Gi", "100", "50"],
  ] as const;
  for (const [stack, cpu, memory, cpuLimit, memoryLimit, pods, services] of quotas) {
    it(`may use ${cpu} cores and ${memory} in ${stack}, in at most ${pods} pods`, async () => {
      const there = await deployApplication("storefront", saidIn(stack, "storefront"));
      const [quota] = there.all("ResourceQuota").map(({ inputs }) => at(inputs, "spec.hard"));
      expect(quota).to.deep.include({
        "requests.cpu": cpu,
        "requests.memory": memory,
        "limits.cpu": cpuLimit,
        "limits.memory": memoryLimit,
        pods,
        services,
      });
      expect(there.all("LimitRange")).to.have.length(1);
    });
  }

  interface Path {
    readonly host: string;
    readonly path: string;
    readonly type: string;
    readonly service: unknown;
    readonly auth: unknown;
  }

  function exposed(): readonly Path[] {
    return recorded.all("Ingress").flatMap(({ inputs }) => {
      const annotations = (at(inputs, "metadata.annotations") ?? {}) as Properties;
      return (at(inputs, "spec.rules") as readonly Properties[]).flatMap((rule) =>
        (at(rule, "http.paths") as readonly Properties[]).map((path) => ({
          host: String(rule.host),
          path: String(path.path),
          type: String(path.pathType),
          service: at(path, "backend.service.name"),
          auth: annotations["nginx.ingress.kubernetes.io/auth-url"],
        })),
      );
    });
  }

  it("exposes sign-in to everybody, products as auth decides, orders to who is signed in", () => {
    const host = "shop.example.com";
    const auth = "http://auth.storefront.svc.cluster.local:8080";
    expect(exposed()).to.have.deep.members([
      { host, path: "/auth/login", type: "Exact", service: "auth", auth: undefined },
      { host, path: "/product", type: "Prefix", service: "products", auth: `${auth}/authz` },
      { host, path: "/order", type: "Prefix", service: "orders", auth: `${auth}/authn` },
    ]);
  });

  it("exposes neither /authn nor /authz", () => {
    const reached = (path: string): boolean =>
      exposed().some(({ path: prefix, type }) =>
        type === "Exact" ? path === prefix : path === prefix || path.startsWith(`${prefix}/`),
      );
    expect(reached("/auth/login")).to.equal(true);
    expect(reached("/product/1")).to.equal(true);
    expect(reached("/authn")).to.equal(false);
    expect(reached("/authz")).to.equal(false);
    expect(reached("/auth/login/authz")).to.equal(false);
  });

  it("lets nobody but the proxy reach auth", () => {
    const { inputs } = recorded.find("NetworkPolicy", "auth");
    expect(at(inputs, "spec.ingress")).to.deep.equal([
      {
        from: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "edge" } },
            podSelector: { matchLabels: { app: "controller" } },
          },
        ],
        ports: [{ protocol: "TCP", port: 8080 }],
      },
    ]);
  });

  it("gives notifications no way in and no Service, but probes", () => {
    expect(
      at(recorded.find("NetworkPolicy", "notifications").inputs, "spec.ingress"),
    ).to.deep.equal([]);
    expect(
      recorded.all("Service").map(({ inputs }) => at(inputs, "metadata.name")),
    ).to.have.members(["auth", "products", "orders"]);
    const { inputs } = recorded.find("Deployment", "notifications");
    const [container] = at(inputs, "spec.template.spec.containers") as readonly Properties[];
    expect(container).to.include.keys("startupProbe", "livenessProbe", "readinessProbe");
  });

  it("scales notifications on what waits for them, never on CPU", () => {
    const { inputs } = recorded.find("ScaledObject", "notifications");
    const triggers = at(inputs, "spec.triggers") as readonly Properties[];
    expect(triggers.map(({ metadata }) => metadata)).to.deep.equal([
      { queue: "stream/messages-notifications", lagThreshold: "100" },
    ]);
  });

  it("scales notifications as a stack without KEDA says, which has to say it", () => {
    const facts = { environment: "test", images };
    const fixed = { services: { notifications: { scaling: { fixed: 2 } } } };
    expect(readApplications(settingsOf(fixed), facts)).to.have.length(1);
    expect(() => readApplications(settingsOf(), facts)).to.throw(
      /storefront\/notifications scaling\.natsLag: needs slipway:platform\.keda/,
    );
  });

  it("sends scheduled notifications by a CronJob", () => {
    const { inputs } = recorded.find("CronJob", "scheduled-notifications");
    expect(at(inputs, "spec.concurrencyPolicy")).to.equal("Forbid");
  });

  it("tells each service its port, time-out, database and broker, credentials by reference", () => {
    const names = (service: string): readonly unknown[] =>
      envOf(recorded, "Deployment", service, "spec.template.spec").map(({ name }) => name);
    for (const service of ["auth", "products", "orders", "notifications"]) {
      expect(names(service), service).to.include.members([
        "LISTEN_PORT",
        "CONN_TIMEOUT",
        "DATABASE_URL",
      ]);
    }
    for (const service of ["orders", "notifications"]) {
      expect(names(service), service).to.include("NATS_BROKER_URL");
    }
    const job = envOf(
      recorded,
      "CronJob",
      "scheduled-notifications",
      "spec.jobTemplate.spec.template.spec",
    );
    const secret = job.filter(({ name }) => name === "DATABASE_URL" || name === "NATS_BROKER_URL");
    expect(secret.map((variable) => Object.keys(variable).sort())).to.deep.equal([
      ["name", "valueFrom"],
      ["name", "valueFrom"],
    ]);
  });

  it("listens where it is told to", () => {
    for (const { inputs } of recorded.all("Deployment")) {
      const [container] = at(inputs, "spec.template.spec.containers") as readonly Properties[];
      const [port] = (container?.ports ?? []) as readonly Properties[];
      expect(container?.env).to.deep.include({
        name: "LISTEN_PORT",
        value: String(port?.containerPort),
      });
    }
  });

  it("demands its databases, its bucket for pictures, and both ends of the bus", () => {
    const demands = demandsOf(readApplications(settingsOf(), facts));
    expect(demands.map(({ demand }) => demand.key)).to.have.members([
      "database/auth",
      "database/products",
      "database/orders",
      "database/notifications",
      "bucket/profile-pictures",
      "stream/messages-publish",
      "stream/messages-notifications",
    ]);
  });

  it("survives the loss of a pod of any service", () => {
    expect(recorded.all("PodDisruptionBudget")).to.have.length(4);
  });
});

describe("a stack", () => {
  it("can change a service's scaling, resources and environment", async () => {
    const recorded = await deployApplication("storefront", {
      services: {
        orders: {
          scaling: { hpa: { min: 3, max: 9, memory: 80 } },
          resources: {
            typical: { cpu: "1", memory: "1Gi" },
            peak: { cpu: "4", memory: "2Gi" },
            guaranteed: true,
          },
          env: { CONN_TIMEOUT: "3s" },
        },
      },
    });
    const { inputs } = recorded.find("Deployment", "orders");
    const [container] = at(inputs, "spec.template.spec.containers") as readonly Properties[];
    expect(recorded.all("HorizontalPodAutoscaler")).to.have.length(1);
    expect(at(container ?? {}, "resources.requests")).to.deep.equal({ cpu: "4", memory: "2Gi" });
    expect(container?.env).to.deep.include({ name: "CONN_TIMEOUT", value: "3s" });
  });

  it("deploys no application that it does not name", () => {
    expect(readApplications({}, facts)).to.deep.equal([]);
  });

  it("hands out the images and URLs of what it deploys", async () => {
    const applications: Applications[] = [];
    await deploy(() => {
      applications.push(
        new Applications("apps", {
          applications: readApplications(settingsOf(), facts),
          platform: { ...platform, features: allFeatures },
          data: { connect: (_application, demand) => connectionTo(demand) },
          pullSecrets: [],
        }),
      );
    });
    const [apps] = applications;
    expect(apps?.urls).to.deep.equal({ storefront: "https://shop.example.com" });
    expect(apps?.images).to.deep.include({
      "storefront/orders": { current: "registry.example.com/acme/storefront/orders:1.0.0" },
    });
  });

  it("puts a stand-in, with its own arguments, where no version was given", () => {
    const standIn = { image: "registry.example.com/any:1", args: ["serve", "$(LISTEN_PORT)"] };
    const supply = { ...images, given: { services: {} }, default: standIn };
    const [application] = readApplications(settingsOf(), { ...facts, images: supply });
    for (const { shape } of application?.services ?? []) {
      expect(shape).to.deep.include({ image: standIn.image, args: standIn.args });
    }
  });
});
