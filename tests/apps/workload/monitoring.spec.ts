import { expect } from "chai";
import {
  scheduledJob,
  service,
  statefulService,
  type DeclaredService,
} from "../../../components/apps/declaration";
import { metricsProblems, monitor } from "../../../components/apps/workload/metrics";
import { stream } from "../../../components/data";
import { chartFact } from "../../support/chart-facts";
import type { Properties, Recorded } from "../../support/mocks";
import { allFeatures, features } from "../../support/rooms";
import { schemaErrors } from "../../support/schemas";
import { at, deployOnce, deployWorkload, proxy } from "../fixtures";
import { deployShop, resources, shop, web } from "../shop";

const ports = { http: 8080, metrics: 9090 } as const;
const measured = { ...web, ports, metrics: { port: "metrics", http: {} } } as const;

function deployServices(
  services: readonly DeclaredService[],
  having = allFeatures,
): Promise<Recorded> {
  return deployShop({ services: {} }, { ...shop, services }, having);
}

function alertsIn(recorded: Recorded, name: string): readonly unknown[] {
  const [group] = at(
    recorded.find("PrometheusRule", name).inputs,
    "spec.groups",
  ) as readonly Properties[];
  return (group?.rules as readonly Properties[]).map(({ alert }) => alert);
}

describe("a service that tells its metrics", () => {
  let recorded: Recorded;
  before(async () => {
    recorded = await deployServices([service("orders", measured)]);
  });

  it("is found by its Service, and by that one alone", () => {
    const { inputs } = recorded.find("ServiceMonitor", "orders");
    expect(inputs.spec).to.deep.equal({
      selector: { matchLabels: { "app.kubernetes.io/name": "orders" } },
      endpoints: [
        {
          port: "metrics",
          path: "/metrics",
          interval: "30s",
          relabelings: [
            {
              action: "keep",
              sourceLabels: ["__meta_kubernetes_service_name"],
              regex: "orders",
            },
          ],
        },
      ],
    });
    const { metadata } = recorded.find("Service", "orders").inputs as { metadata: Properties };
    expect(metadata.labels).to.include({ "app.kubernetes.io/name": "orders" });
  });

  it("carries the labels by which the stack's Prometheus finds it, beside its own", () => {
    for (const kind of ["ServiceMonitor", "PrometheusRule"]) {
      expect(at(recorded.find(kind, "orders").inputs, "metadata.labels"), kind).to.include({
        release: "monitoring",
        team: "checkout",
      });
    }
  });

  it("lets Prometheus in on the port of its metrics, and on no other", () => {
    const { inputs } = recorded.find("NetworkPolicy", "apps-shop-orders-paths");
    expect(at(inputs, "spec.ingress")).to.deep.equal([
      {
        from: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } },
            podSelector: { matchLabels: { app: "prometheus" } },
          },
        ],
        ports: [{ protocol: "TCP", port: 9090 }],
      },
    ]);
  });

  it("is found by its pods where its Service does not have the port", () => {
    const hidden = { metrics: { number: 9090, service: false } } as const;
    expect(
      monitor({ service: "mailer" }, hidden, { port: "metrics", path: "/m", interval: "1m" }),
    ).to.deep.equal({
      kind: "PodMonitor",
      spec: {
        selector: { matchLabels: { "app.kubernetes.io/name": "mailer" } },
        podMetricsEndpoints: [{ port: "metrics", path: "/m", interval: "1m" }],
      },
    });
  });

  it("is found by the names and labels it had before it was taken over", () => {
    const existing = { service: "web", selector: { run: "web" } };
    const taken = { service: "orders", existing };
    expect(JSON.stringify(monitor(taken, ports, { port: "metrics" }).spec)).to.contain(
      '"regex":"web"',
    );
    const hidden = { metrics: { number: 9090, service: false } } as const;
    expect(monitor(taken, hidden, { port: "metrics" }).spec.selector).to.deep.equal({
      matchLabels: { run: "web" },
    });
  });

  it("waits with what is taken over until the stack may change it", async () => {
    const recorded = await deployWorkload({
      ...measured,
      features: allFeatures,
      existing: { deployment: "web" },
      takeOver: "unchanged",
    });
    const made = ["ServiceMonitor", "PrometheusRule", "VerticalPodAutoscaler"];
    expect(made.flatMap((kind) => recorded.all(kind))).to.deep.equal([]);
  });

  it("is not asked, and opens nothing, where the stack has no Prometheus", async () => {
    const bare = await deployServices([service("orders", measured)], features);
    expect([...bare.all("ServiceMonitor"), ...bare.all("PrometheusRule")]).to.deep.equal([]);
    const { inputs } = bare.find("NetworkPolicy", "apps-shop-orders-paths");
    expect(at(inputs, "spec.ingress")).to.deep.equal([]);
  });

  it("has objects that the real definitions accept", function () {
    const chart = "kube-prometheus-stack";
    const accepted = (file: string, spec: unknown): void => {
      expect(schemaErrors(chartFact(this, chart, `crds/${file}.yaml`), spec)).to.deep.equal([]);
    };
    accepted("servicemonitors", recorded.find("ServiceMonitor", "orders").inputs.spec);
    accepted(
      "podmonitors",
      monitor({ service: "a" }, { m: { number: 9, service: false } }, { port: "m" }).spec,
    );
    accepted("prometheusrules", recorded.find("PrometheusRule", "orders").inputs.spec);
  });
});

describe("what alerts on a service", () => {
  it("is there for every service and scheduled job, and fits what each of them has", async () => {
    const read = stream("messages", { consumer: "mailer" });
    const recorded = await deployServices([
      service("orders", measured),
      service("mailer", {
        ...web,
        uses: { read },
        scaling: { natsLag: { stream: read, lag: 10, min: 2, max: 5, fallback: 2 } },
      }),
      statefulService("cart", { ...web, scaling: { fixed: 1 } }),
      scheduledJob("report", { resources, schedule: { cron: "@daily" } }),
    ]);
    expect(alertsIn(recorded, "orders")).to.include.members(["SlowRequests", "FailingRequests"]);
    expect(alertsIn(recorded, "mailer")).to.include("ConsumerLagging");
    expect(alertsIn(recorded, "mailer")).to.not.include("SlowRequests");
    const budgets = recorded
      .all("PodDisruptionBudget")
      .map(({ inputs }) => String(at(inputs, "metadata.name")));
    for (const name of ["orders", "cart"]) {
      expect(alertsIn(recorded, name).includes("NoDisruptionAllowed")).to.equal(
        budgets.includes(name),
      );
    }
    expect(alertsIn(recorded, "report")).to.deep.equal(["JobFailed"]);
  });

  it("watches sidecars too, with the service's own thresholds", async () => {
    const recorded = await deployWorkload({
      features: allFeatures,
      alerts: { memory: 90 },
      sidecars: { proxy },
    });
    const rules = JSON.stringify(recorded.find("PrometheusRule", "orders").inputs.spec);
    expect(rules).to.contain('container=~\\"orders|proxy\\"');
    expect(rules).to.contain("> 0.9");
  });

  it("is nothing for a job, whose end the deployment waits for", async () => {
    expect((await deployOnce({ features: allFeatures })).all("PrometheusRule")).to.deep.equal([]);
  });
});

describe("a recommendation", () => {
  it("says what a service really uses, and changes nothing", async () => {
    const recorded = await deployWorkload({
      features: allFeatures,
      scaling: { hpa: { min: 2, max: 4 } },
    });
    expect(recorded.find("VerticalPodAutoscaler", "orders").inputs.spec).to.deep.equal({
      targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "orders" },
      updatePolicy: { updateMode: "Off" },
    });
  });

  it("is not asked for where nobody gives one", async () => {
    expect((await deployWorkload({ features })).all("VerticalPodAutoscaler")).to.deep.equal([]);
  });
});

describe("metrics are refused", () => {
  const mistakes: readonly (readonly [what: string, metrics: object, field: string])[] = [
    ["on a port that is not declared", { port: "admin" }, "port"],
    ["on a path without a slash", { port: "http", path: "metrics" }, "path"],
    ["without a pause", { port: "http", interval: "0s" }, "interval"],
    [
      "by a name that Prometheus cannot know",
      { port: "http", http: { histogram: "a-b" } },
      "http.histogram",
    ],
    [
      "by a label that Prometheus cannot know",
      { port: "http", http: { status: "5xx" } },
      "http.status",
    ],
  ];
  for (const [what, metrics, field] of mistakes) {
    it(what, () => {
      const problems = metricsProblems({ ports, metrics: metrics as { port: string } });
      expect(problems.map((problem) => problem.field)).to.deep.equal([field]);
    });
  }

  it("not when they are good, or none", () => {
    expect(metricsProblems({ ports, metrics: measured.metrics })).to.deep.equal([]);
    expect(metricsProblems({ ports })).to.deep.equal([]);
  });
});
