import * as pulumi from "@pulumi/pulumi";
import type { TakeOver } from "../../../../components/apps/workload/existing";
import { Workload } from "../../../../components/apps/workload/workload";
import { Namespace, type ExistingNamespace } from "../../../../components/kit/namespace";
import { measured } from "../../../../tests/support/rooms";

const config = new pulumi.Config();
/** What the stack says of taking over; `none` is what a stack says that has nothing to take over. */
const said = <Value extends string>(key: string): Value | undefined => {
  const value = config.get<Value | "none">(key);
  return value === "none" ? undefined : value;
};
const version = config.get("version") ?? "1.4.2";

const namespace = new Namespace("shop", {
  name: "shop",
  podSecurity: "restricted",
  existing: said<ExistingNamespace>("namespace"),
});

new Workload("shop-orders", {
  service: "orders",
  application: "shop",
  team: "checkout",
  environment: "test",
  namespace,
  image: `registry.example.com/acme/shop/orders:${version}`,
  ports: { http: { number: 8080, service: 80 } },
  probes: {
    liveness: { http: { path: "/live", port: "http" } },
    readiness: { http: { path: "/ready", port: "http" } },
  },
  resources: { typical: { cpu: "100m", memory: "128Mi" } },
  scaling: { hpa: { min: 3, max: 6 } },
  features: measured,
  config: { env: { LEVEL: "info" } },
  existing: {
    deployment: "live-orders",
    service: "live-orders",
    serviceAccount: "live-orders",
    autoscaler: "live-orders",
    disruptionBudget: "live-orders",
    selector: { "app.kubernetes.io/name": "orders", "app.kubernetes.io/instance": "live" },
    configMaps: ["live-orders-config"],
  },
  takeOver: said<TakeOver>("takeOver"),
});
