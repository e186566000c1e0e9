import { database, stream } from "../data";
import { application, service } from "./declaration";

const ordering = database("goreliable-orders", { poolSize: 10 });
const announce = stream("messages", { publish: "msg.goreliable.orders" });
const announced = stream("messages", { consumer: "goreliable-notifications" });

const web = {
  ports: { http: 8080 },
  probes: {
    // Liveness asks about the process alone, readiness about what it depends on.
    startup: { check: { http: { path: "/healthz/startup", port: "http" } }, window: "150s" },
    liveness: { http: { path: "/healthz/live", port: "http" } },
    readiness: { http: { path: "/healthz/ready", port: "http" } },
  },
  resources: { typical: { cpu: "250m", memory: "256Mi" }, peak: { cpu: "2", memory: "640Mi" } },
  scaling: { hpa: { min: 2, max: 10, cpu: 70 } },
} as const;
const listen = { LISTEN_PORT: "8080", LOG_LEVEL: "info" };

const mlGateway = service("ml-gateway", {
  ...web,
  resources: { typical: { cpu: "1", memory: "2Gi" }, peak: { cpu: "4", memory: "5Gi" } },
  priorityClass: "standard",
  env: listen,
});

const orderService = service("order-service", {
  ...web,
  uses: { ordering, announce },
  env: {
    ...listen,
    DATABASE_URL: ordering.url,
    DATABASE_POOL_SIZE: String(ordering.poolSize),
    NATS_BROKER_URL: announce.url,
    NATS_CA: announce.ca,
  },
  // A transaction pooler would end the session that the migration locks.
  migration: { args: ["migrate", "up"], env: { DATABASE_URL: ordering.directUrl } },
});

const apiGateway = service("api-gateway", {
  ...web,
  priorityClass: "critical",
  uses: { orderService, mlGateway },
  env: {
    ...listen,
    ORDER_SERVICE_ADDRESS: orderService.address.http,
    ML_GATEWAY_ADDRESS: mlGateway.address.http,
  },
  exposure: { ingress: { paths: [{ path: "/" }] } },
});

const notificationWorker = service("notification-worker", {
  ...web,
  ports: { http: { number: 8080, service: false } },
  uses: { announced },
  scaling: { natsLag: { stream: announced, lag: 50, min: 2, max: 12, fallback: 4 } },
  env: {
    ...listen,
    NATS_BROKER_URL: announced.url,
    NATS_CA: announced.ca,
    NATS_CONSUMER: announced.consumer,
  },
});

/** Takes orders through a gateway, tells their customers, and asks models. */
export const goreliable = application({
  name: "goreliable",
  team: "goreliable",
  services: [apiGateway, orderService, notificationWorker, mlGateway],
});
