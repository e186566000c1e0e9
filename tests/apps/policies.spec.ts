import { expect } from "chai";
import {
  application,
  job,
  nodeService,
  scheduledJob,
  service,
  statefulService,
} from "../../components/apps/declaration";
import { external } from "../../components/apps/external";
import { stream } from "../../components/data";
import { DEFAULT_CONFIG } from "../../policy/core/config";
import { Judge } from "../../policy/core/evaluate";
import { walk } from "../../policy/core/walk";
import { RULES } from "../../policy/rules";
import { allFeatures } from "../support/rooms";
import { proxy } from "./fixtures";
import { deployShop, ordering, web } from "./shop";

const { resources } = web;
const announced = stream("messages", { consumer: "mailer" });
/** One of each kind, with what each of them can have. */
const everything = application({
  name: "shop",
  team: "checkout",
  services: [
    service("orders", {
      ...web,
      uses: { ordering },
      env: { DATABASE_URL: ordering.url },
      config: { env: { LEVEL: "info" } },
      scaling: { hpa: { min: 2, max: 6, memory: 80, pods: { requests_per_second: "100" } } },
      migration: { command: ["/migrate"], env: { DATABASE_URL: ordering.directUrl } },
      smokeTest: { args: ["https://orders.example.com/ready"] },
      initContainers: { warm: { args: ["warm-up"], resources } },
      sidecars: { proxy },
      volumes: {
        "/cache": { emptyDir: { size: "64Mi" } },
        "/var/run/vault": { projected: [{ token: { audience: "vault", file: "token" } }] },
      },
      apiAccess: [{ resources: ["configmaps"], names: ["leader"], verbs: ["get", "update"] }],
      cloudIdentity: { aws: { roleArn: "arn:aws:iam::123456789012:role/orders" } },
      nodeSelector: { "kubernetes.io/arch": "amd64" },
      tolerations: [{ key: "spot", effect: "NoSchedule" }],
      exposure: { ingress: { paths: [{ path: "/order" }] } },
    }),
    service("mailer", {
      ...web,
      uses: { announced, payments: external({ cidrs: ["203.0.113.0/24"], port: 443 }) },
      env: { NATS_URL: announced.url },
      scaling: { natsLag: { stream: announced, lag: 100, min: 2, max: 9, fallback: 3 } },
      metrics: { port: "http", http: {} },
      priorityClass: "critical",
      restartOnRotation: true,
    }),
    statefulService("cart", { ...web, claims: { "/data": { size: "1Gi" } } }),
    nodeService("agent", web),
    job("seed", { resources }),
    scheduledJob("report", { resources, schedule: { cron: "@daily" } }),
  ],
});

describe("everything that an application can be made of", () => {
  it("breaks no mandatory policy", async () => {
    const recorded = await deployShop({ services: {} }, everything, allFeatures);
    const objects = recorded.resources
      .filter(({ type }) => type.startsWith("kubernetes:"))
      .flatMap(({ inputs }) => walk(inputs));
    expect(objects.map(({ kind }) => kind)).to.include.members([
      "Deployment",
      "StatefulSet",
      "DaemonSet",
      "Job",
      "CronJob",
      "Role",
      "ScaledObject",
      "ServiceMonitor",
      "PrometheusRule",
      "VerticalPodAutoscaler",
    ]);
    const broken = new Judge(RULES, DEFAULT_CONFIG)
      .judge(objects)
      .filter(({ enforcement }) => enforcement === "mandatory")
      .map(({ rule, kind, name, path }) => `${rule}: ${kind} ${name} ${path}`);
    expect(broken).to.deep.equal([]);
  });
});
