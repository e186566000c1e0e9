import { bucket, database, stream } from "../data";
import { application, scheduledJob, service } from "./declaration";

const accounts = database("auth", { poolSize: 10 });
const pictures = bucket("profile-pictures");
const catalogue = database("products", { poolSize: 10 });
const ordering = database("orders", { poolSize: 10 });
const outbox = database("notifications", { poolSize: 5 });
const announce = stream("messages", { publish: ["msg.orders", "msg.scheduled"] });
const announced = stream("messages", { consumer: "notifications" });
const tells = { NATS_BROKER_URL: announce.url, NATS_CA: announce.ca };
const reads = { NATS_BROKER_URL: announced.url, NATS_CONSUMER: announced.consumer };

const web = {
  ports: { http: 8080 },
  probes: {
    liveness: { http: { path: "/live", port: "http" } },
    readiness: { http: { path: "/ready", port: "http" } },
  },
  resources: { typical: { cpu: "100m", memory: "128Mi" } },
} as const;
const listen = { LISTEN_PORT: "8080", CONN_TIMEOUT: "10s" };

const auth = service("auth", {
  ...web,
  uses: { accounts, pictures },
  env: {
    ...listen,
    DATABASE_URL: accounts.url,
    PICTURES_ENDPOINT: pictures.endpoint,
    PICTURES_CA: pictures.ca,
    PICTURES_BUCKET: pictures.bucket,
    PICTURES_ACCESS_KEY: pictures.accessKey,
    PICTURES_SECRET_KEY: pictures.secretKey,
  },
  // Its /authn and /authz answer the proxy only, so they are no paths of the host.
  exposure: { ingress: { paths: [{ path: "/auth/login", match: "Exact" }] } },
});

const by = (path: string) => ({ at: auth.address.http, path, responseHeaders: ["X-User"] });

const products = service("products", {
  ...web,
  uses: { catalogue },
  env: { ...listen, DATABASE_URL: catalogue.url },
  // The list is public and the rest is not: auth decides by the method, which the proxy hands on.
  exposure: { ingress: { paths: [{ path: "/product", auth: by("/authz") }] } },
});

const orders = service("orders", {
  ...web,
  uses: { ordering, announce, products },
  env: { ...listen, ...tells, DATABASE_URL: ordering.url, PRODUCTS_ADDRESS: products.address.http },
  exposure: { ingress: { paths: [{ path: "/order", auth: by("/authn") }] } },
});

const notifications = service("notifications", {
  ...web,
  ports: { http: { number: 8080, service: false } },
  uses: { outbox, announced },
  scaling: { natsLag: { stream: announced, lag: 100, min: 2, max: 10, fallback: 3 } },
  env: { ...listen, DATABASE_URL: outbox.url, NATS_CA: announced.ca, ...reads },
});

const scheduledNotifications = scheduledJob("scheduled-notifications", {
  schedule: { cron: "*/15 * * * *", deadline: "10m" },
  resources: web.resources,
  uses: { outbox, announce },
  env: { CONN_TIMEOUT: "10s", DATABASE_URL: outbox.url, ...tells },
});

/** A shop: sign-in, a list of products, orders, and notifications of what happened. */
export const storefront = application({
  name: "storefront",
  team: "storefront",
  services: [auth, products, orders, notifications, scheduledNotifications],
});
