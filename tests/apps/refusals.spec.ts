import { expect } from "chai";
import {
  service,
  statefulService,
  type ApplicationDeclaration,
  type DeclaredService,
  type ServiceSpec,
} from "../../components/apps/declaration";
import { resolveApplications } from "../../components/apps/resolve";
import type { StackSettings } from "../../components/apps/resolved";
import { exposureProblems } from "../../components/apps/workload/exposure";
import { plainSecretProblems } from "../../components/apps/workload/plain-secrets";
import { at, deployWorkload, images } from "./fixtures";
import { deployShop, resolved, settings, shop, web } from "./shop";

const { liveness, readiness } = web.probes;
const amount = { cpu: "1", memory: "1Gi" };

/** A mistake that brings a site down, and where the refusal says it is. */
interface Mistake {
  readonly name: string;
  /** What is changed of a good service. */
  readonly spec?: object;
  /** What is changed of the stack's settings. */
  readonly stack?: Partial<StackSettings>;
  /** What is changed of the application. */
  readonly application?: Partial<ApplicationDeclaration>;
  readonly refusal: string;
}

const mistakes: readonly Mistake[] = [
  {
    name: "liveness with the same check as readiness",
    spec: { probes: { liveness: readiness, readiness } },
    refusal: "shop/orders probes.readiness: asks what liveness asks",
  },
  {
    name: "a failureThreshold below 3",
    spec: { probes: { liveness: { ...liveness, failureThreshold: 2 }, readiness } },
    refusal:
      "shop/orders probes.liveness.failureThreshold: got 2; it has to be a whole number, at least 3",
  },
  {
    name: "a floor of one pod where the stack asks for availability",
    spec: { scaling: { fixed: 1 } },
    stack: { minReplicas: 2 },
    refusal: "shop/orders scaling: has a floor of 1; the stack asks for at least 2",
  },
  {
    name: "no time to finish within the grace period",
    spec: { shutdown: { preStop: "10s", drain: "0s" } },
    refusal: "shop/orders shutdown.drain: got",
  },
  {
    name: "a quota below what the services may grow to, with a rollout's spare pod",
    spec: { scaling: { hpa: { min: 2, max: 10 } } },
    stack: { quota: { requests: amount, limits: amount, pods: 10, services: 5 } },
    refusal: "shop quota.pods: allows 10",
  },
  {
    name: "a quantity that does not parse",
    spec: { resources: { typical: { cpu: "100 m", memory: "128Mi" } } },
    refusal: 'shop/orders resources.typical.cpu: got "100 m"',
  },
  {
    name: "a request above its limit",
    spec: { resources: { typical: amount, peak: { cpu: "500m" } } },
    refusal: 'shop/orders resources.peak.cpu: got "500m", which is below typical.cpu "1"',
  },
  {
    name: "a label that is none",
    application: { team: "check out" },
    refusal: 'shop/orders team: got "check out"; it becomes a label',
  },
  {
    name: "a name that is no host's",
    application: { name: "Shop" },
    refusal: 'application: got "Shop"',
  },
  {
    name: "two autoscalers on one workload",
    spec: { scaling: { fixed: 2, hpa: { min: 2, max: 4 } } },
    refusal: "shop/orders scaling.fixed and hpa: stand side by side",
  },
  {
    name: "no way to scale",
    spec: { scaling: {} },
    refusal: "shop/orders scaling: says none of ",
  },
  {
    name: "a credential in a variable",
    spec: { env: { DB_PASSWORD: "hunter2" } },
    refusal: "shop/orders env.DB_PASSWORD: holds a credential as a text",
  },
  {
    name: "a credential in a ConfigMap",
    spec: { config: { env: { API_KEY: "hunter2" } } },
    refusal: "shop/orders config.env.API_KEY: holds a credential as a text",
  },
  {
    name: "a credential in the stack file",
    stack: { services: { orders: { env: { SESSION_SECRET: "hunter2" } } } },
    refusal: "shop/orders env.SESSION_SECRET: holds a credential as a text",
  },
];

describe("what would bring a site down is refused before anything is registered:", () => {
  for (const { name, spec, stack, application, refusal } of mistakes) {
    it(name, () => {
      const orders = service("orders", { ...web, ...spec } as ServiceSpec<"http">);
      const text = refusalOf(() =>
        resolved(stack, { ...shop, services: [orders], ...application }),
      );
      expect(text).to.contain(refusal);
      expect(text).to.not.contain("hunter2");
    });
  }

  it("two applications of one name, which would share a namespace", () => {
    const twice = { declaration: { ...shop, services: [service("orders", web)] }, settings };
    expect(
      refusalOf(() => resolveApplications([twice, twice], { environment: "test", images })),
    ).to.contain("shop: is the name of two applications");
  });

  it("an application whose namespace is Kubernetes' own", () => {
    expect(refusalOf(() => resolved({}, { ...shop, name: "kube-system" }))).to.contain(
      "kube-system: is the name of a namespace of Kubernetes, the platform or the data services",
    );
  });

  const names: readonly (readonly [name: string, services: readonly DeclaredService[]])[] = [
    ["the account of every namespace", [service("default", web)]],
    ["the namespace's own policy", [service("default-deny", web)]],
    ["the account that reads Secrets", [service("secret-reader", web)]],
    ["another's pods", [statefulService("cart", web), service("cart-headless", web)]],
    [
      "another's migration",
      [service("a", { ...web, migration: { args: ["up"] } }), service("a-migration", web)],
    ],
    [
      "another's smoke test",
      [service("a", { ...web, smokeTest: { args: ["up"] } }), service("a-smoke-test", web)],
    ],
  ];
  for (const [name, services] of names) {
    it(`a service with the name of ${name}`, () => {
      const last = services.at(-1)?.name ?? "";
      expect(refusalOf(() => resolved({}, { ...shop, services }))).to.contain(
        `shop/${last}: is the name of `,
      );
    });
  }

  it("a host name that is none", () => {
    const paths = [{ path: "/a" }];
    expect(exposureProblems({ host: "shop_1", paths }, ["http"])[0]?.field).to.equal("host");
    expect(exposureProblems({ host: "shop.example.com", paths }, ["http"])).to.deep.equal([]);
  });
});

describe("what cannot be written at all:", () => {
  it("a disruption budget that blocks a drain: it follows from the floor", async () => {
    for (const fixed of [2, 3, 4]) {
      const orders = service("orders", { ...web, scaling: { fixed } });
      const recorded = await deployShop({}, { ...shop, services: [orders] });
      const budgets = recorded.all("PodDisruptionBudget").map(({ inputs }) => {
        const { minAvailable = 0, maxUnavailable = 0 } = inputs.spec as Record<string, number>;
        return Math.max(maxUnavailable, fixed - minAvailable - (maxUnavailable === 0 ? 0 : fixed));
      });
      expect(budgets).to.deep.equal([1]);
    }
  });

  it("a disruption budget without spread", async () => {
    const { inputs } = (await deployWorkload()).find("Deployment", "orders");
    expect(at(inputs, "spec.template.spec.topologySpreadConstraints")).to.have.length(2);
  });

  it("a startup budget longer than the progress deadline: the one follows from the other", async () => {
    const probes = { ...web.probes, startup: { window: "1h" } } as const;
    const { inputs } = (await deployWorkload({ probes })).find("Deployment", "orders");
    expect(at(inputs, "spec.progressDeadlineSeconds")).to.be.above(3600);
  });

  it("a grace period shorter than preStop and drain: it is their sum", async () => {
    const shutdown = { preStop: "20s", drain: "90s" } as const;
    const { inputs } = (await deployWorkload({ shutdown })).find("Deployment", "orders");
    expect(at(inputs, "spec.template.spec.terminationGracePeriodSeconds")).to.equal(110);
  });
});

describe("a text in an environment is no credential", () => {
  const harmless: Readonly<Record<string, string>> = {
    LEVEL: "info",
    TOKEN_TTL: "5m",
    PASSWORD_FILE: "/run/secrets/password",
    DB_PASSWORD: "$(FROM_SECRET)",
    API_TOKEN: "",
    CA_SECRET: "/etc/tls/ca.crt",
    USE_TOKEN: "true",
    MONKEY: "banana",
    DATABASE: "postgres://$(USER):$(PASSWORD)@db:5432/shop",
    PEER: "http://products:8080/list?user=a@b",
  };
  for (const [name, value] of Object.entries(harmless)) {
    it(`as ${name}=${value}`, () => {
      expect(plainSecretProblems({ [name]: value })).to.deep.equal([]);
    });
  }

  for (const [name, value] of [
    ["PASSWORD", "x"],
    ["github_token", "x"],
    ["AWS_SECRET_ACCESS_KEY", "x"],
    ["SMTP_PASSWD", "x"],
    ["DATABASE", "postgres://shop:hunter2@db:5432/shop"],
    ["BROKER", "nats://:hunter2@nats:4222"],
  ] as const) {
    it(`but it is one as ${name}=${value}`, () => {
      const [problem] = plainSecretProblems({ [name]: value });
      expect(problem?.field).to.equal(name);
      expect(problem?.message).to.not.contain("hunter2");
    });
  }
});

function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return String(error);
  }
  return "It was not refused.";
}
