import { Application } from "../../components/apps/application";
import {
  application,
  scheduledJob,
  service,
  type ApplicationDeclaration,
} from "../../components/apps/declaration";
import { resolveApplications, type StackFacts } from "../../components/apps/resolve";
import type { ResolvedApplication, StackSettings } from "../../components/apps/resolved";
import { givenFeatures } from "../../components/apps/workload/feature-problems";
import { database, stream } from "../../components/data";
import type { PlatformFeatures } from "../../components/platform";
import { deploy, type Recorded } from "../support/mocks";
import { connectionTo, images, platform } from "./fixtures";

export const ordering = database("orders");
export const events = stream("messages", { publish: "msg.orders" });

const probes = {
  liveness: { http: { path: "/live", port: "http" } },
  readiness: { http: { path: "/ready", port: "http" } },
} as const;
export const resources = { typical: { cpu: "100m", memory: "128Mi" } };
export const web = { ports: { http: 8080 }, probes, resources } as const;

export const auth = service("auth", web);
export const products = service("products", {
  ...web,
  ports: { http: 8080, grpc: 9090 },
  exposure: {
    ingress: {
      paths: [{ path: "/product", port: "http", auth: { at: auth.address.http, path: "/authz" } }],
    },
  },
});
export const orders = service("orders", {
  ...web,
  uses: { ordering, products },
  env: { DATABASE_URL: ordering.url, PRODUCTS: products.address.grpc, LEVEL: "info" },
  exposure: { ingress: { paths: [{ path: "/order" }] } },
});
export const report = scheduledJob("report", {
  schedule: { cron: "@daily" },
  resources,
  uses: { ordering, events },
  env: { DATABASE_HOST: ordering.host, NATS_URL: events.url },
});

export const shop = application({
  name: "shop",
  team: "checkout",
  // In an order that is not the one of deployment.
  services: [orders, report, products, auth],
});

const none = { env: {} };
export const settings: StackSettings = {
  host: "shop.example.com",
  services: { auth: none, products: none, orders: none, report: none },
};

/** The shop, or another application, with these settings, resolved. */
export function resolved(
  changes: Partial<StackSettings> = {},
  declaration: ApplicationDeclaration = shop,
  having: StackFacts["features"] = givenFeatures(platform.features),
): ResolvedApplication {
  const [first] = resolveApplications([{ declaration, settings: { ...settings, ...changes } }], {
    environment: "test",
    images,
    features: having,
  });
  if (first === undefined) {
    throw new Error("No application was resolved.");
  }
  return first;
}

/** Deploys an application, the shop when nothing is said, and gives what it made. */
export function deployShop(
  changes: Partial<StackSettings> = {},
  declaration: ApplicationDeclaration = shop,
  features: PlatformFeatures = platform.features,
): Promise<Recorded> {
  return deploy(
    () =>
      new Application("apps-shop", {
        application: resolved(changes, declaration, givenFeatures(features)),
        platform: { ...platform, features },
        connect: connectionTo,
        pullSecrets: ["registry"],
      }),
  );
}
