import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { parseAllDocuments } from "yaml";
import { application } from "../../components/apps/declaration";
import { ref, type DeclaredChart } from "../../components/apps/declared-chart";
import { demandsOf } from "../../components/apps/resolve";
import type { StackSettings } from "../../components/apps/resolved";
import { database } from "../../components/data";
import { diagramOf } from "../../diagram/model";
import { DEFAULT_CONFIG } from "../../policy/core/config";
import { Judge } from "../../policy/core/evaluate";
import type { Fields } from "../../policy/core/fields";
import { walk } from "../../policy/core/walk";
import { RULES } from "../../policy/rules";
import { cacheFolder, createFolder, sandboxFolder } from "../../sandbox/folder";
import { renderChart } from "../../sandbox/plugins/kubernetes/chart/helm";
import { silentProgress } from "../../sandbox/terminal/progress";
import { Toolchain } from "../../sandbox/toolchain/toolchain";
import type { Properties, Recorded, RecordedResource } from "../support/mocks";
import { at } from "./fixtures";
import { catalogue, movingShop } from "./moving-shop";
import { deployShop, resolved } from "./shop";

const chartOf = (recorded: Recorded): RecordedResource =>
  recorded.find("kubernetes:helm.sh/v4:Chart", "apps-shop-chart-chart");

describe("an application with a chart of its team's own", () => {
  let recorded: Recorded;
  let chart: RecordedResource;
  before(async () => {
    const quota = {
      requests: { cpu: "8", memory: "8Gi" },
      limits: { cpu: "16", memory: "16Gi" },
      pods: 20,
      services: 10,
    } as const;
    const limits = {
      defaultRequest: { cpu: "100m", memory: "128Mi" },
      defaultLimit: { cpu: "500m", memory: "256Mi" },
    } as const;
    const values = { replicas: 3 };
    recorded = await deployShop({ quota, limits, chart: { values } }, movingShop());
    chart = chartOf(recorded);
  });

  it("is installed from its folder, in the namespace that any application has", () => {
    expect(chart.inputs).to.include({
      name: "shop",
      namespace: "shop",
      chart: resolve("tests/apps/charts/catalogue"),
    });
    const made = ["Namespace", "ResourceQuota", "LimitRange"].map(
      (kind) => recorded.all(kind).length,
    );
    expect(made).to.deep.equal([2, 1, 1]);
    const { inputs } = recorded.find("NetworkPolicy", "default-deny");
    expect(at(inputs, "spec.podSelector")).to.deep.equal({ matchLabels: {} });
  });

  it("has addresses in its values, and of a password only where it is", () => {
    expect(chart.inputs.values).to.deep.equal({
      database: {
        host: "database.example.svc",
        existingSecret: "shop-database-goods",
        passwordKey: "password",
      },
      pricesAddress: "prices.shop.svc.cluster.local:8080",
      prices: { host: "prices.shop.svc.cluster.local", port: 8080 },
      replicas: 3,
    });
    const { inputs } = recorded.find("ExternalSecret", "shop-database-goods");
    expect(at(inputs, "spec.data")).to.deep.equal([
      {
        secretKey: "password",
        remoteRef: { key: "secret-of-database-goods", property: "password" },
      },
    ]);
  });

  it("opens the ways of its pods that the graph has, and no other", () => {
    const { inputs } = recorded.find("NetworkPolicy", "apps-shop-catalogue-paths");
    expect(at(inputs, "spec.podSelector")).to.deep.equal({ matchLabels: catalogue.labels });
    expect(at(inputs, "spec.ingress")).to.deep.equal([
      { from: [podsIn("shop", { app: "orders" })], ports: [tcp(8080)] },
      { from: [podsIn("edge", { app: "controller" })], ports: [tcp(8080)] },
    ]);
    expect(at(inputs, "spec.egress")).to.deep.equal([
      { to: [podsIn("shop", { app: "prices" })], ports: [tcp(8080)] },
      { to: [podsIn("database-space", { app: "database" })], ports: [tcp(7000)] },
      { to: [{ ipBlock: { cidr: "203.0.113.0/24" } }], ports: [tcp(443)] },
    ]);
  });

  it("lets the services at both ends reach its pods and be reached by them", () => {
    const orders = recorded.find("NetworkPolicy", "apps-shop-orders-paths");
    expect(at(orders.inputs, "spec.egress")).to.deep.equal([
      { to: [podsIn("shop", catalogue.labels)], ports: [tcp(8080)] },
    ]);
    const prices = recorded.find("NetworkPolicy", "apps-shop-prices-paths");
    expect(at(prices.inputs, "spec.ingress")).to.deep.equal([
      { from: [podsIn("shop", catalogue.labels)], ports: [tcp(8080)] },
    ]);
  });

  it("is called at its own Service", () => {
    const { inputs } = recorded.find("Deployment", "orders");
    const [container] = at(inputs, "spec.template.spec.containers") as readonly Properties[];
    expect(container?.env).to.deep.equal([
      { name: "CATALOGUE", value: "shop-catalogue.shop.svc.cluster.local:80" },
    ]);
  });

  it("comes after its policies, its Secrets and the services that its pods use, before those that use them", () => {
    const controller = (name: string): string => recorded.find("Deployment", name).urn;
    expect(chart.dependencies).to.include.members([
      recorded.find("NetworkPolicy", "apps-shop-catalogue-paths").urn,
      recorded.find("ExternalSecret", "shop-database-goods").urn,
      controller("prices"),
    ]);
    expect(chart.dependencies).to.not.include(controller("orders"));
    expect(recorded.find("Deployment", "orders").dependencies).to.include(chart.urn);
  });

  it("waits for no service that waits for it", async () => {
    const worker = { ...catalogue, uses: {} };
    const circle = movingShop();
    const [orders] = circle.services;
    const both = { ...worker, uses: { orders } } as unknown as typeof catalogue;
    const callers = { ...orders, uses: { catalogue: both } } as typeof orders;
    const found = await deployShop({}, {
      ...circle,
      services: [callers],
      chart: { ...circle.chart, pods: [both], values: {} },
    } as typeof circle);
    expect(chartOf(found).dependencies).to.not.include(found.find("Deployment", "orders").urn);
  });

  it("outlives the stack with its volumes, unless it holds no data", async () => {
    const kept = (made: Recorded): boolean =>
      made.find("Namespace", "apps-shop-namespace-namespace").protect;
    expect(kept(recorded)).to.equal(true);
    expect(kept(await deployShop({}, movingShop({ holdsData: false })))).to.equal(false);
    const claim = await chart.transform("kubernetes:core/v1:PersistentVolumeClaim", "data", {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "data" },
    });
    expect(claim.opts).to.deep.include({ protect: true, retainOnDelete: true });
  });

  it("asks the data room for what its pods use", () => {
    const demands = demandsOf([resolved({}, movingShop())]);
    expect(demands.map(({ demand }) => demand.key)).to.deep.equal(["database/goods"]);
  });

  it("is in the picture, with what its pods use and who uses them", () => {
    const picture = diagramOf("Shop", [resolved({}, movingShop())]);
    expect(picture.groups[0]?.nodes.map(({ label }) => label)).to.include("catalogue");
    const edges = picture.edges.map(({ from, to }) => `${from} → ${to}`);
    expect(edges).to.include.members([
      "shop/orders → shop/catalogue",
      "shop/catalogue → shop/prices",
      "shop/catalogue → database/goods",
      "edge → shop/catalogue",
    ]);
  });
});

describe("a chart's objects", () => {
  let recorded: Recorded;
  let scratch = "";
  const ambientHelm = process.env["SLIPWAY_HELM"];
  before(async function () {
    this.timeout("2m");
    scratch = mkdtempSync(join(tmpdir(), "slipway-chart-"));
    const folder = sandboxFolder(scratch);
    createFolder(folder);
    const toolchain = new Toolchain(folder, silentProgress, cacheFolder(), true);
    process.env["SLIPWAY_HELM"] = (await toolchain.helm()).path;
    recorded = await deployShop({}, movingShop());
  });
  after(() => {
    if (ambientHelm === undefined) {
      delete process.env["SLIPWAY_HELM"];
    } else {
      process.env["SLIPWAY_HELM"] = ambientHelm;
    }
    rmSync(scratch, { recursive: true, force: true });
  });

  it("pass every mandatory rule beside the services of the application", async () => {
    expect(mandatory([...(await objectsOf(recorded)), ...objectsIn(recorded)])).to.deep.equal([]);
  });

  it("are judged like those of a service: a privileged container is found", async () => {
    const planted = await deployShop({ chart: { values: { privileged: true } } }, movingShop());
    const found = mandatory(await objectsOf(planted));
    expect(found).to.include("privileged-container Deployment/shop/shop-catalogue");
  });

  it("say whose they are, and keep what they said", async () => {
    const objects = await objectsOf(recorded);
    const deployment = objects.find(({ kind }) => kind === "Deployment") ?? {};
    expect(at(deployment, "metadata.labels")).to.include({
      "app.kubernetes.io/name": "catalogue",
      team: "checkout",
      environment: "test",
    });
    expect(at(deployment, "spec.selector.matchLabels")).to.deep.equal(catalogue.labels);
  });

  it("do not hold its hook", async () => {
    expect((await objectsOf(recorded)).map(({ kind }) => kind)).to.not.include("Job");
  });

  it("are refused outside the namespace of the application", async () => {
    const stray = await deployShop(
      { chart: { values: { elsewhere: "kube-system" } } },
      movingShop(),
    );
    const error: unknown = await objectsOf(stray).catch((caught: unknown) => caught);
    expect(String(error)).to.contain('ConfigMap "stray" in namespace "kube-system"');
  });
});

describe("an application's chart is refused", () => {
  const goods = database("elsewhere");
  const refusals: readonly (readonly [
    what: string,
    chart: Partial<DeclaredChart>,
    message: string,
    changes?: Partial<StackSettings>,
  ])[] = [
    [
      "with a folder that holds none",
      { source: { folder: "tests/apps" } },
      'got "tests/apps", which holds no Chart.yaml',
    ],
    [
      "with a hook that nothing takes the place of",
      { hooks: {} },
      "does not name templates/migrate.yaml, whose hooks (pre-install, pre-upgrade) are not run",
    ],
    [
      "with a word on a hook that there is not",
      { hooks: { "templates/migrate.yaml": "Done.", "templates/seed.yaml": "Done." } },
      "names templates/seed.yaml, which has no hook",
    ],
    [
      "when the release is named like a service",
      { release: "orders" },
      "shop chart.release: is orders, the name of a service too",
    ],
    [
      "with pods named like a service",
      { pods: [{ ...catalogue, name: "orders" }] },
      "shop chart.pods.orders.name: is taken",
    ],
    [
      "with pods that no label tells from others",
      { pods: [{ ...catalogue, labels: {} }] },
      "would be every pod of the namespace",
    ],
    [
      "with a password in its values",
      { values: { database: { password: "hunter2" } } },
      "shop chart.values.database.password: holds a credential",
    ],
    [
      "with a password in the stack's values",
      {},
      "shop chart.values.adminPassword: holds a credential",
      { chart: { values: { adminPassword: "hunter2" } } },
    ],
    [
      "with a value of a connection that no pods use",
      { values: { host: ref.value(goods.host) } },
      "refers to database/elsewhere, which no pods of the chart use",
    ],
  ];
  for (const [what, chart, message, changes = {}] of refusals) {
    it(what, () => {
      expect(() => resolved(changes, movingShop(chart))).to.throw(message);
    });
  }

  it("when the stack has values for one that there is not", () => {
    const none = application({ name: "shop", team: "checkout", services: [] });
    const changes = { chart: { values: { replicas: 2 } } };
    expect(() => resolved(changes, none)).to.throw("has none. Leave the setting out.");
  });

  it("and names of Secrets are no passwords", () => {
    const values = { existingSecret: "mine", auth: { passwordKey: "password", tokenSecret: "x" } };
    expect(() => resolved({}, movingShop({ values }))).to.not.throw();
  });
});

/** What the chart renders with the values it is given, as the stack registers it. */
async function objectsOf(recorded: Recorded): Promise<readonly Properties[]> {
  const { inputs, transform } = chartOf(recorded);
  const { manifest } = await renderChart(
    {
      chart: String(inputs.chart),
      releaseName: String(inputs.name),
      resourcePrefix: "",
      namespace: String(inputs.namespace),
      values: inputs.values as Parameters<typeof renderChart>[0]["values"],
      valueFiles: [],
      skipCrds: false,
      skipAwait: false,
      plainHttp: false,
      devel: false,
      dependencyUpdate: false,
    },
    { kubeVersion: "1.36.0", apiVersions: [] },
  );
  const rendered = parseAllDocuments(manifest)
    .map((document) => document.toJS() as Properties | null)
    .filter((object) => object !== null);
  return Promise.all(
    rendered.map(async (object) => {
      const metadata = { namespace: inputs.namespace, ...(object.metadata as Properties) };
      return (await transform(String(object.kind), "object", { ...object, metadata })).props;
    }),
  );
}

/** The objects that the program registers itself. */
function objectsIn(recorded: Recorded): readonly Properties[] {
  return recorded.resources
    .filter(({ inputs }) => typeof inputs.apiVersion === "string" && inputs.kind !== undefined)
    .map(({ inputs }) => inputs);
}

/** What the mandatory rules find: the rule, and the object. */
function mandatory(objects: readonly Properties[]): readonly string[] {
  const views = objects.flatMap((object) => walk(object as Fields));
  return new Judge(RULES, DEFAULT_CONFIG)
    .judge(views)
    .filter(({ enforcement }) => enforcement === "mandatory")
    .map(({ rule, kind, namespace, name }) => `${rule} ${kind}/${namespace}/${name}`);
}

function podsIn(namespace: string, labels: object): object {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    podSelector: { matchLabels: labels },
  };
}

function tcp(port: number): object {
  return { protocol: "TCP", port };
}
