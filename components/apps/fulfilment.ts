import { database } from "../data";
import { application, service } from "./declaration";
import { external } from "./external";

const ordering = database("fulfilment-orders", { poolSize: 5 });
const ledger = database("fulfilment-payments", { poolSize: 5 });
const stock = database("fulfilment-inventory", { poolSize: 5 });
const cards = external({ cidrs: ["203.0.113.0/24"], port: 443 });

/** What the three services share: they scale on their load, and the proxy protects them alike. */
const web = {
  ports: { http: 8080 },
  probes: {
    liveness: { http: { path: "/live", port: "http" } },
    readiness: { http: { path: "/ready", port: "http" } },
  },
  resources: { typical: { cpu: "250m", memory: "256Mi" } },
  scaling: {
    hpa: { min: 3, max: 20, cpu: 70, memory: 80, pods: { http_requests_per_second: "1000" } },
  },
  // The requests of each pod, which the autoscaler looks at, come from here.
  metrics: { port: "http", http: {} },
  priorityClass: "standard",
} as const;
const at = (path: `/${string}`) =>
  ({
    ingress: {
      paths: [{ path }],
      rateLimit: {
        requestsPerSecond: 10,
        connections: 5,
        response: { kibibytesPerSecond: 512, afterKibibytes: 1024 },
      },
      timeouts: { connect: "60s", read: "60s", send: "60s" },
    },
  }) as const;
/** Each may read what is kept for it beside its own configuration, and nothing else. */
const readsOwn = (name: string) => [
  { resources: ["configmaps"], names: [name], verbs: ["get"] } as const,
];

const payments = service("payments", {
  ...web,
  priorityClass: "critical",
  apiAccess: readsOwn("payments"),
  uses: { ledger, cards },
  config: { env: { LOG_LEVEL: "info", CURRENCY: "EUR" } },
  env: { LISTEN_PORT: "8080", DATABASE_URL: ledger.url },
  exposure: at("/payments"),
});

const inventory = service("inventory", {
  ...web,
  apiAccess: readsOwn("inventory"),
  uses: { stock },
  config: { env: { LOG_LEVEL: "info" } },
  env: { LISTEN_PORT: "8080", DATABASE_URL: stock.url },
  exposure: at("/inventory"),
});

const orders = service("orders", {
  ...web,
  apiAccess: readsOwn("orders"),
  uses: { ordering, payments, inventory },
  config: { env: { LOG_LEVEL: "info" } },
  env: {
    LISTEN_PORT: "8080",
    DATABASE_URL: ordering.url,
    PAYMENTS_ADDRESS: payments.address.http,
    INVENTORY_ADDRESS: inventory.address.http,
  },
  exposure: at("/orders"),
});

/** Takes orders, their payments, and what is left in stock, under one host. */
export const fulfilment = application({
  name: "fulfilment",
  team: "fulfilment",
  services: [orders, payments, inventory],
});
