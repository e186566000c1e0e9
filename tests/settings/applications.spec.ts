import { expect } from "chai";
import { applicationSettings } from "../../components/settings/applications";
import { describeIssues } from "../../components/settings/errors";
import { knownKeys } from "../../components/settings/json-schema";

/** What is said of a stack whose storefront has these settings, a line for each problem. */
function problemsOf(storefront: object): readonly string[] {
  const input = { storefront };
  const { error } = applicationSettings.safeParse(input);
  return error === undefined
    ? []
    : describeIssues(error.issues, input, knownKeys(applicationSettings)).map(
        ({ path, message }) => `${path} ${message}`,
      );
}

const host = "shop.example.com";

describe("the settings of an application", () => {
  it("need no more than a host", () => {
    expect(problemsOf({ host })).to.deep.equal([]);
  });

  it("change nothing of a service that they do not name", () => {
    const { storefront } = applicationSettings.parse({ storefront: { host } });
    expect(storefront?.services.orders).to.deep.equal({ env: {} });
  });

  it("may scale a service in one way", () => {
    const services = {
      orders: { scaling: { fixed: 3 } },
      products: { scaling: { hpa: { min: 2, max: 6, cpu: 80 } } },
    };
    const { storefront } = applicationSettings.parse({ storefront: { host, services } });
    expect(storefront?.services.orders.scaling).to.deep.equal({ fixed: 3 });
    expect(storefront?.services.products.scaling).to.deep.equal({
      hpa: { min: 2, max: 6, cpu: 80 },
    });
  });

  it("may be absent: the application is then not deployed", () => {
    expect(applicationSettings.parse({})).to.deep.equal({});
  });
});

describe("the settings of an application are refused", () => {
  const mistakes: readonly (readonly [what: string, storefront: object, message: string])[] = [
    ["without a host", {}, "storefront.host is missing"],
    ["with a host that is none", { host: "shop" }, 'storefront.host got "shop"'],
    [
      "with a service that there is not",
      { host, services: { ordrs: {} } },
      'storefront.services.ordrs this key is not known; did you mean "orders"?',
    ],
    [
      "with a key of a service that there is not",
      { host, services: { orders: { scalling: { fixed: 3 } } } },
      'storefront.services.orders.scalling this key is not known; did you mean "scaling"?',
    ],
    ...["image", "uses", "probes", "ports", "exposure", "priorityClass"].map(
      (key) =>
        [
          `with what is the declaration's to say: ${key}`,
          { host, services: { orders: { [key]: {} } } },
          `storefront.services.orders.${key} this key is not known; it may be migration, smokeTest, scaling, placement, resources, env, takeOver.`,
        ] as const,
    ),
    [
      "with a number of pods under the name that Kubernetes has for it",
      { host, services: { orders: { replicas: 3 } } },
      'storefront.services.orders.replicas this key is not known; did you mean "scaling"?',
    ],
    [
      "with a misspelt key of its own",
      { host, minReplica: 2 },
      'storefront.minReplica this key is not known; did you mean "minReplicas"?',
    ],
    [
      "with a misspelt key of a scheduled job",
      { host, services: { "scheduled-notifications": { resource: {} } } },
      'storefront.services.scheduled-notifications.resource this key is not known; did you mean "resources"?',
    ],
    [
      "with two ways to scale",
      { host, services: { orders: { scaling: { fixed: 1, hpa: { min: 2, max: 4 } } } } },
      "it has to be one of fixed, hpa, natsLag and keda.",
    ],
    [
      "with no way to scale",
      { host, services: { orders: { scaling: {} } } },
      "it has to be one of fixed, hpa, natsLag and keda.",
    ],
    [
      "with a maximum that is not above the minimum",
      { host, services: { orders: { scaling: { hpa: { min: 2, max: 2 } } } } },
      "storefront.services.orders.scaling.hpa.max got 2",
    ],
    [
      "with bounds of event scaling that leave no room",
      { host, services: { notifications: { scaling: { natsLag: { min: 3, max: 3 } } } } },
      "storefront.services.notifications.scaling.natsLag.max got 3",
    ],
    [
      "with more than the bounds of event scaling",
      { host, services: { notifications: { scaling: { natsLag: { min: 0, max: 3, lag: 5 } } } } },
      "storefront.services.notifications.scaling.natsLag.lag this key is not known",
    ],
    [
      "with scaling of a scheduled job",
      { host, services: { "scheduled-notifications": { scaling: { fixed: 2 } } } },
      "storefront.services.scheduled-notifications.scaling this key is not known",
    ],
    [
      "with a quantity that does not parse",
      { host, services: { auth: { resources: { typical: { cpu: "much", memory: "1Gi" } } } } },
      'storefront.services.auth.resources.typical.cpu got "much"',
    ],
    [
      "with a variable that no environment can have",
      { host, services: { auth: { env: { "CONN-TIMEOUT": "1s" } } } },
      "the name of an environment variable",
    ],
    [
      "with a quota that leaves something out",
      { host, quota: { requests: { cpu: "4", memory: "8Gi" }, pods: 20, services: 10 } },
      "storefront.quota.limits is missing",
    ],
  ];
  for (const [what, storefront, message] of mistakes) {
    it(`${what}, and only for that`, () => {
      const problems = problemsOf(storefront);
      expect(problems).to.have.length(1);
      expect(problems[0]).to.contain(message);
    });
  }

  it("where there is no such application, with the one that was meant", () => {
    const input = { storefrnt: { host } };
    const { error } = applicationSettings.safeParse(input);
    const problems = describeIssues(error?.issues ?? [], input, knownKeys(applicationSettings));
    expect(problems.map(({ path, message }) => `${path} ${message}`)).to.deep.equal([
      'slipway:storefrnt this key is not known; did you mean "storefront"?',
    ]);
  });
});
