import { application, service } from "./declaration";

const image = (name: string) =>
  `us-central1-docker.pkg.dev/online-boutique-ci/microservices-demo/${name}:v0.10.6` as const;

/** What the demo's own services share: a gRPC port that answers health checks, and the user of its images. */
function grpc(name: string, port: number) {
  return {
    image: image(name),
    ports: { grpc: port },
    // The demo asks both questions the same way; a process that accepts connections is alive.
    probes: { liveness: { tcp: { port: "grpc" } }, readiness: { grpc: { port: "grpc" } } },
    resources: { typical: { cpu: "100m", memory: "64Mi" }, peak: { cpu: "200m" } },
    user: 1000,
  } as const;
}
const listenOn = (port: number) => ({ PORT: String(port), DISABLE_PROFILER: "1" });

const redis = service("redis-cart", {
  image: "docker.io/library/redis:8.2.1-alpine",
  ports: { redis: 6379 },
  probes: {
    liveness: { tcp: { port: "redis" } },
    readiness: { exec: { command: ["redis-cli", "ping"] } },
  },
  resources: {
    typical: { cpu: "70m", memory: "200Mi" },
    peak: { cpu: "125m", memory: "256Mi" },
  },
  user: 1000,
  writable: { "/data": "256Mi" },
  scaling: { singleton: "every pod would have carts of its own" },
});

const ads = service("adservice", {
  ...grpc("adservice", 9555),
  resources: {
    typical: { cpu: "200m", memory: "180Mi" },
    peak: { cpu: "300m", memory: "300Mi" },
  },
  env: { PORT: "9555" },
});

const carts = service("cartservice", {
  ...grpc("cartservice", 7070),
  resources: { typical: { cpu: "200m", memory: "64Mi" }, peak: { cpu: "300m" } },
  uses: { redis },
  env: { REDIS_ADDR: redis.address.redis },
});

const catalogue = service("productcatalogservice", {
  ...grpc("productcatalogservice", 3550),
  env: listenOn(3550),
});

const currencies = service("currencyservice", {
  ...grpc("currencyservice", 7000),
  env: listenOn(7000),
});

const payments = service("paymentservice", {
  ...grpc("paymentservice", 50_051),
  env: listenOn(50_051),
});

const shipping = service("shippingservice", {
  ...grpc("shippingservice", 50_051),
  env: listenOn(50_051),
});

const emails = service("emailservice", {
  ...grpc("emailservice", 8080),
  ports: { grpc: { number: 8080, service: 5000 } },
  env: listenOn(8080),
});

const recommendations = service("recommendationservice", {
  ...grpc("recommendationservice", 8080),
  resources: { typical: { cpu: "100m", memory: "220Mi" }, peak: { memory: "450Mi" } },
  uses: { catalogue },
  env: { ...listenOn(8080), PRODUCT_CATALOG_SERVICE_ADDR: catalogue.address.grpc },
});

const checkout = service("checkoutservice", {
  ...grpc("checkoutservice", 5050),
  uses: { carts, catalogue, currencies, emails, payments, shipping },
  env: {
    PORT: "5050",
    CART_SERVICE_ADDR: carts.address.grpc,
    CURRENCY_SERVICE_ADDR: currencies.address.grpc,
    EMAIL_SERVICE_ADDR: emails.address.grpc,
    PAYMENT_SERVICE_ADDR: payments.address.grpc,
    PRODUCT_CATALOG_SERVICE_ADDR: catalogue.address.grpc,
    SHIPPING_SERVICE_ADDR: shipping.address.grpc,
  },
});

const frontend = service("frontend", {
  ...grpc("frontend", 8080),
  ports: { http: { number: 8080, service: 80 } },
  probes: {
    liveness: { tcp: { port: "http" } },
    readiness: { http: { path: "/_healthz", port: "http" } },
  },
  uses: { ads, carts, catalogue, checkout, currencies, recommendations, shipping },
  env: {
    PORT: "8080",
    ENABLE_PROFILER: "0",
    AD_SERVICE_ADDR: ads.address.grpc,
    CART_SERVICE_ADDR: carts.address.grpc,
    CHECKOUT_SERVICE_ADDR: checkout.address.grpc,
    CURRENCY_SERVICE_ADDR: currencies.address.grpc,
    PRODUCT_CATALOG_SERVICE_ADDR: catalogue.address.grpc,
    RECOMMENDATION_SERVICE_ADDR: recommendations.address.grpc,
    SHIPPING_SERVICE_ADDR: shipping.address.grpc,
    // It has to be set, though the assistant is no part of the shop: nothing is called until it is enabled.
    SHOPPING_ASSISTANT_SERVICE_ADDR: "shoppingassistantservice:80",
  },
  exposure: { ingress: { paths: [{ path: "/" }] } },
});

/** The microservices demo: a shop of eleven services, ten of which speak gRPC, and Redis for its carts. */
export const onlineBoutique = application({
  name: "online-boutique",
  team: "boutique",
  services: [
    frontend,
    ads,
    carts,
    catalogue,
    checkout,
    currencies,
    emails,
    payments,
    recommendations,
    redis,
    shipping,
  ],
});
