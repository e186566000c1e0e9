import { expect } from "chai";
import { Application } from "../../components/apps/application";
import {
  application,
  scheduledJob,
  service,
  type ApplicationDeclaration,
} from "../../components/apps/declaration";
import { demandsOf, resolveApplications } from "../../components/apps/resolve";
import type { ResolvedApplication, StackSettings } from "../../components/apps/resolved";
import { database, stream } from "../../components/data";
import { deploy, type Properties, type Recorded } from "../support/mocks";
import { at, connectionTo, images, orderOf, platform } from "./fixtures";

const ordering = database("orders");
const events = stream("messages", { publish: "msg.orders" });

const probes = {
  liveness: { http: { path: "/live", port: "http" } },
  readiness: { http: { path: "/ready", port: "http" } },
} as const;
const resources = { typical: { cpu: "100m", memory: "128Mi" } };
const web = { ports: { http: 8080 }, probes, resources } as const;

const auth = service("auth", web);
const products = service("products", {
  ...web,
  ports: { http: 8080, grpc: 9090 },
  exposure: {
    ingress: {
      paths: [{ path: "/product", port: "http", auth: { at: auth.address.http, path: "/authz" } }],
    },
  },
});
const orders = service("orders", {
  ...web,
  uses: { ordering, products },
  env: { DATABASE_URL: ordering.url, PRODUCTS: products.address.grpc, LEVEL: "info" },
  exposure: { ingress: { paths: [{ path: "/order" }] } },
});
const report = scheduledJob("report", {
  schedule: { cron: "@daily" },
  resources,
  uses: { ordering, events },
  env: { DATABASE_HOST: ordering.host, NATS_URL: events.url },
});

const shop = application({
  name: "shop",
  team: "checkout",
  // In an order that is not the one of deployment.
  services: [orders, report, products, auth],
});

const none = { env: {} };
const settings: StackSettings = {
  host: "shop.example.com",
  services: { auth: none, products: none, orders: none, report: none },
};

function resolved(
  changes: Partial<StackSettings> = {},
  declaration: ApplicationDeclaration = shop,
): ResolvedApplication {
  const [first] = resolveApplications([{ declaration, settings: { ...settings, ...changes } }], {
    environment: "test",
    images,
  });
  if (first === undefined) {
    throw new Error("No application was resolved.");
  }
  return first;
}

function deployShop(changes: Partial<StackSettings> = {}): Promise<Recorded> {
  return deploy(
    () =>
      new Application("apps-shop", {
        application: resolved(changes),
        platform,
        connect: connectionTo,
        pullSecrets: ["registry"],
      }),
  );
}

describe("an application", () => {
  it("puts each service after those it uses, and the others where they stand", () => {
    expect(orderOf(resolved())).to.deep.equal(["products", "orders", "report", "auth"]);
  });

  it("demands each thing once, however many services use it", () => {
    expect(demandsOf([resolved()]).map(({ demand }) => demand.key)).to.deep.equal([
      ordering.key,
      events.key,
    ]);
  });

  it("starts a service after the service it uses", async () => {
    const recorded = await deployShop();
    const used = recorded.find("Deployment", "products").urn;
    expect(recorded.find("Deployment", "orders").dependencies).to.include(used);
    expect(recorded.find("Deployment", "auth").dependencies).to.not.include(used);
  });

  it("has a restricted namespace of its name, with the quota and limits of the stack", async () => {
    const amount = { cpu: "4", memory: "8Gi" };
    const quota = { requests: amount, limits: amount, pods: 20, services: 10 };
    const recorded = await deployShop({ quota });
    const namespace = recorded.find("Namespace", "shop");
    expect(at(namespace.inputs, "metadata.labels")).to.include({
      "pod-security.kubernetes.io/enforce": "restricted",
    });
    expect(recorded.all("ResourceQuota")).to.have.length(1);
    expect((await deployShop()).all("ResourceQuota")).to.deep.equal([]);
  });

  it("says on every object whose it is and where it runs", async () => {
    const objects = (await deployShop()).resources.filter(({ type }) =>
      type.startsWith("kubernetes:"),
    );
    expect(objects).to.not.have.length(0);
    for (const { name, inputs } of objects) {
      expect(at(inputs, "metadata.labels"), name).to.include({
        "app.kubernetes.io/part-of": "shop",
        team: "checkout",
        environment: "test",
      });
    }
  });

  it("pulls its images with the stack's Secrets", async () => {
    const { inputs } = (await deployShop()).find("Deployment", "orders");
    expect(at(inputs, "spec.template.spec.imagePullSecrets")).to.deep.equal([{ name: "registry" }]);
  });

  it("hands out the URL of its host, and none when nothing is exposed", async () => {
    const inside: ApplicationDeclaration = { ...shop, services: [auth] };
    const urls: (string | undefined)[] = [];
    await deploy(() => {
      for (const application of [resolved(), resolved({}, inside)]) {
        const args = { application, platform, connect: connectionTo, pullSecrets: [] };
        urls.push(new Application(`apps-${String(urls.length)}`, args).url);
      }
    });
    expect(urls).to.deep.equal(["https://shop.example.com", undefined]);
  });
});

describe("an application's environment", () => {
  function envOf(recorded: Recorded, name: string): unknown {
    const { inputs } = recorded.find("Deployment", name);
    return (at(inputs, "spec.template.spec.containers") as readonly Properties[])[0]?.env;
  }

  it("has credentials by reference, addresses as they are, and texts", async () => {
    expect(envOf(await deployShop(), "orders")).to.deep.equal([
      {
        name: "DATABASE_URL",
        valueFrom: { secretKeyRef: { name: "orders-database-orders", key: "uri" } },
      },
      { name: "PRODUCTS", value: "products.shop.svc.cluster.local:9090" },
      { name: "LEVEL", value: "info" },
    ]);
  });

  it("can be changed by the stack", async () => {
    const services = { ...settings.services, orders: { env: { LEVEL: "debug", TRACE: "1" } } };
    const env = envOf(await deployShop({ services }), "orders");
    expect(env).to.deep.include({ name: "LEVEL", value: "debug" });
    expect(env).to.deep.include({ name: "TRACE", value: "1" });
  });
});

describe("an application's scaling", () => {
  it("keeps the metrics that its team declares where the stack only moves the bounds", () => {
    const pods = { http_requests_per_second: "1000" };
    const scaled = service("orders", { ...web, scaling: { hpa: { min: 2, max: 4, pods } } });
    const { services } = resolved(
      { services: { orders: { env: {}, scaling: { hpa: { min: 3, max: 20 } } } } },
      { ...shop, services: [scaled] },
    );
    expect(services[0]?.shape).to.have.deep.property("scaling", { hpa: { min: 3, max: 20, pods } });
  });
});

describe("an application's migration and smoke test", () => {
  const migrated = service("orders", {
    ...web,
    uses: { ordering },
    env: { DATABASE_URL: ordering.url },
    migration: { command: ["/migrate"], env: { DATABASE_URL: ordering.password } },
    smokeTest: { args: ["http://orders:8080/ready"] },
  });
  const declaration: ApplicationDeclaration = { ...shop, services: [migrated] };
  const deployMigrated = (changes: Partial<StackSettings> = {}): Promise<Recorded> =>
    deploy(
      () =>
        new Application("apps-shop", {
          application: resolved(changes, declaration),
          platform,
          connect: connectionTo,
          pullSecrets: [],
        }),
    );
  const nameOf = (recorded: Recorded): unknown =>
    at(recorded.find("Job", "apps-shop-orders-migration").inputs, "metadata.name");

  it("read the Secrets of the service's connections, which are carried over for them", async () => {
    const recorded = await deployMigrated();
    const { inputs } = recorded.find("Job", "apps-shop-orders-migration");
    expect(
      (at(inputs, "spec.template.spec.containers") as readonly Properties[])[0]?.env,
    ).to.deep.equal([
      {
        name: "DATABASE_URL",
        valueFrom: { secretKeyRef: { name: "orders-database-orders", key: "password" } },
      },
    ]);
    const secret = recorded.find("ExternalSecret", "orders-database-orders");
    expect(at(secret.inputs, "spec.data")).to.have.length(2);
  });

  it("are done again when the stack says so", async () => {
    const services = { orders: { env: {}, migration: { retry: 1 } } };
    expect(nameOf(await deployMigrated({ services }))).to.not.equal(nameOf(await deployMigrated()));
  });

  it("may call the service, over the network policies of both ends", async () => {
    const policy = (await deployMigrated()).find("NetworkPolicy", "apps-shop-orders-paths").inputs;
    expect(at(policy, "spec.podSelector.matchLabels")).to.deep.equal({ app: "orders" });
    expect(JSON.stringify(at(policy, "spec.ingress"))).to.contain('"matchLabels":{"app":"orders"}');
    expect(JSON.stringify(at(policy, "spec.egress"))).to.contain('"matchLabels":{"app":"orders"}');
  });

  it("run as the stand-in that ends, where one stands in for the service", () => {
    const standIn = { image: "registry.example.com/any:1", args: ["serve"], jobArgs: ["end"] };
    const [application] = resolveApplications([{ declaration, settings }], {
      environment: "test",
      images: { ...images, given: { services: {} }, default: standIn },
    });
    const shape = application?.services[0]?.shape;
    expect(shape).to.have.property("args", standIn.args);
    expect(shape).to.have.nested.property("migration.args", standIn.jobArgs);
    expect(shape).to.have.nested.property("migration.command", undefined);
  });
});

describe("an application's Secrets", () => {
  it("are carried over with only the keys that the service reads", async () => {
    const { inputs } = (await deployShop()).find("ExternalSecret", "orders-database-orders");
    expect(inputs.spec).to.deep.equal({
      refreshInterval: "1h",
      secretStoreRef: { kind: "SecretStore", name: "database-space" },
      target: { name: "orders-database-orders", creationPolicy: "Owner" },
      data: [
        { secretKey: "uri", remoteRef: { key: "secret-of-database-orders", property: "uri" } },
      ],
    });
  });

  it("are not carried to a service that reads none of a connection's", async () => {
    const names = (await deployShop())
      .all("ExternalSecret")
      .map(({ inputs }) => at(inputs, "metadata.name"));
    expect(names).to.have.members(["orders-database-orders", "report-stream-messages-publish"]);
  });

  it("are read through one store for each namespace that holds some", async () => {
    const recorded = await deployShop();
    const stores = recorded.all("SecretStore").map(({ inputs }) => inputs);
    expect(stores.map((store) => at(store, "metadata.name"))).to.have.members([
      "database-space",
      "stream-space",
    ]);
    for (const store of stores) {
      expect(at(store, "spec.provider.kubernetes.auth.serviceAccount.name")).to.equal(
        "secret-reader",
      );
      expect(at(store, "spec.provider.kubernetes.remoteNamespace")).to.equal(
        at(store, "metadata.name"),
      );
    }
  });

  it("are there before a pod starts, and go while their operator runs", async () => {
    const recorded = await deployShop();
    const secret = recorded.find("ExternalSecret", "orders-database-orders");
    expect(at(secret.inputs, "metadata.annotations")).to.deep.equal({
      "pulumi.com/waitFor": "condition=Ready",
    });
    expect(recorded.find("Deployment", "orders").dependencies).to.include(secret.urn);
    expect(secret.deletedWith).to.equal("");
  });
});

describe("an application's network", () => {
  interface Rule {
    readonly from?: unknown;
    readonly to?: unknown;
    readonly ports: readonly { readonly port: number }[];
  }

  async function rulesOf(
    name: string,
    direction: "ingress" | "egress",
  ): Promise<readonly (readonly [peer: string, ports: readonly number[]])[]> {
    const { inputs } = (await deployShop()).find("NetworkPolicy", `apps-shop-${name}-paths`);
    return (at(inputs, `spec.${direction}`) as readonly Rule[]).map((rule) => [
      peerOf(rule),
      rule.ports.map(({ port }) => port),
    ]);
  }

  /** `namespace/label-value` of a rule's only peer. */
  function peerOf(rule: Rule): string {
    const [peer] = (rule.from ?? rule.to) as readonly {
      readonly namespaceSelector: { readonly matchLabels: Readonly<Record<string, string>> };
      readonly podSelector: { readonly matchLabels: Readonly<Record<string, string>> };
    }[];
    return [
      ...Object.values(peer?.namespaceSelector.matchLabels ?? {}),
      ...Object.values(peer?.podSelector.matchLabels ?? {}),
    ].join("/");
  }

  it("opens what a service uses at both ends, and nothing else", async () => {
    expect(await rulesOf("orders", "egress")).to.deep.equal([
      ["shop/products", [8080, 9090]],
      ["database-space/database", [7000]],
    ]);
    expect(await rulesOf("products", "ingress")).to.deep.equal([
      ["shop/orders", [8080, 9090]],
      ["edge/controller", [8080]],
    ]);
    expect(await rulesOf("products", "egress")).to.deep.equal([]);
  });

  it("lets the edge reach what is exposed, and what it asks for authorisation", async () => {
    expect(await rulesOf("orders", "ingress")).to.deep.equal([["edge/controller", [8080]]]);
    expect(await rulesOf("auth", "ingress")).to.deep.equal([["edge/controller", [8080]]]);
  });

  it("lets a service out to the API server and to its cloud when it asks for them", async () => {
    const privileged = service("orders", {
      ...web,
      apiAccess: [{ resources: ["pods"], verbs: ["get"] }],
      cloudIdentity: { aws: { podIdentity: true } },
    });
    const application = resolved({}, { ...shop, services: [privileged] });
    const recorded = await deploy(
      () =>
        new Application("apps-shop", {
          application,
          platform,
          connect: connectionTo,
          pullSecrets: [],
        }),
    );
    const { inputs } = recorded.find("NetworkPolicy", "apps-shop-orders-paths");
    const rules = at(inputs, "spec.egress") as readonly Rule[];
    expect(rules.map(({ ports }) => ports.map(({ port }) => port))).to.deep.equal([
      [443, 6443],
      [443, 80],
    ]);
  });

  it("lets nobody reach a scheduled job", async () => {
    expect(await rulesOf("report", "ingress")).to.deep.equal([]);
    expect((await rulesOf("report", "egress")).map(([peer]) => peer)).to.deep.equal([
      "database-space/database",
      "stream-space/stream",
    ]);
  });
});

describe("an application's edge", () => {
  it("asks the deciding service by its address inside the cluster", async () => {
    const { inputs } = (await deployShop()).find("Ingress", "products-authz");
    expect(at(inputs, "metadata.annotations")).to.deep.include({
      "nginx.ingress.kubernetes.io/auth-url": "http://auth.shop.svc.cluster.local:8080/authz",
    });
  });

  it("has one certificate for the host, which every Ingress uses", async () => {
    const recorded = await deployShop();
    const [certificate, ...more] = recorded.all("Certificate");
    expect(more).to.deep.equal([]);
    expect(at(certificate?.inputs ?? {}, "spec")).to.deep.include({
      secretName: "shop-tls",
      dnsNames: ["shop.example.com"],
      issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: "an-authority" },
    });
    for (const { inputs } of recorded.all("Ingress")) {
      expect(at(inputs, "spec.tls")).to.deep.equal([
        { hosts: ["shop.example.com"], secretName: "shop-tls" },
      ]);
    }
  });

  it("has its certificate signed by the issuer that the stack names", async () => {
    const recorded = await deployShop({ clusterIssuer: "letsencrypt" });
    expect(at(recorded.find("Certificate", "shop-tls").inputs, "spec.issuerRef")).to.deep.include({
      name: "letsencrypt",
    });
  });
});

describe("an application is refused", () => {
  function refusal(declaration: ApplicationDeclaration): string {
    try {
      resolved({}, declaration);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    return "";
  }
  const shopOf = (...services: ApplicationDeclaration["services"]): ApplicationDeclaration => ({
    ...shop,
    services,
  });

  it("not when it is good", () => {
    expect(refusal(shop)).to.equal("");
  });

  it("when its environment refers to what is not in uses", () => {
    const env = { DATABASE_URL: ordering.url, PRODUCTS: products.address.http };
    expect(refusal(shopOf(service("orders", { ...web, env }))))
      .to.contain("shop/orders env.DATABASE_URL: refers to database/orders, which is not in uses.")
      .and.contain(
        "shop/orders env.PRODUCTS: refers to the service products, which is not in uses.",
      );
  });

  it("when it uses a service that it does not have", () => {
    expect(refusal(shopOf(service("orders", { ...web, uses: { auth } })))).to.contain(
      "shop/orders uses: names the service auth, which is not among the application's services.",
    );
  });

  it("when it uses a service that nobody may call", () => {
    const hidden = service("hidden", { ...web, ports: { http: { number: 8080, service: false } } });
    expect(refusal(shopOf(hidden, service("orders", { ...web, uses: { hidden } })))).to.contain(
      "shop/orders uses: names the service hidden, which has no port that others may call.",
    );
  });

  it("when the edge is to ask a service that it does not have", () => {
    expect(refusal(shopOf(products))).to.contain(
      "shop/products exposure.ingress.paths.auth: names the service auth,",
    );
  });

  it("when the edge is to ask a port that only the kubelet knows", () => {
    const hidden = service("auth", { ...web, ports: { http: { number: 8080, service: false } } });
    expect(refusal(shopOf(hidden, products))).to.contain(
      'refers to port "http" of auth, whose Service has no port.',
    );
  });

  it("when two services have one name", () => {
    expect(refusal(shopOf(auth, service("auth", web)))).to.contain(
      "shop/auth: is the name of two services.",
    );
  });

  it("when two services claim one path of the host", () => {
    const exposure = { ingress: { paths: [{ path: "/order" }] } };
    expect(
      refusal(shopOf(products, auth, orders, service("other", { ...web, exposure }))),
    ).to.contain(
      "shop/other exposure.ingress.paths: claims shop.example.com/order, which shop/orders claims too.",
    );
  });

  it("when two services ask for one thing in two ways", () => {
    const other = stream("messages", { publish: "msg.other" });
    const chatty = service("chatty", { ...web, uses: { other } });
    expect(refusal(shopOf(auth, products, orders, report, chatty))).to.contain(
      `shop/chatty uses: asks for ${events.key} in another way than an earlier service does.`,
    );
  });

  it("when a migration refers to what is not in uses", () => {
    const migration = { command: ["/migrate"], env: { URL: ordering.directUrl } };
    expect(refusal(shopOf(service("orders", { ...web, migration })))).to.contain(
      "shop/orders env.URL: refers to database/orders, which is not in uses.",
    );
  });

  it("when the stack runs a migration again that there is none of", () => {
    const services = { ...settings.services, auth: { env: {}, migration: { retry: 1 } } };
    expect(() => resolved({ services })).to.throw(
      "shop/auth migration: the stack's settings have a migration.retry for it",
    );
  });

  it("with the problems of every service at once", () => {
    const one = service("one", { ...web, scaling: { fixed: 0 } });
    const two = service("two", { ...web, user: 0 });
    expect(refusal(shopOf(one, two)))
      .to.contain("shop/one scaling.fixed: got 0")
      .and.contain("shop/two user: got 0");
  });
});
