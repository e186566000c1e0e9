import { application, service } from "../../components/apps/declaration";
import { database } from "../../components/data";

const ordering = database("orders");

const orders = service("orders", {
  ports: { http: 8080 },
  probes: {
    liveness: { http: { path: "/live", port: "http" } },
    readiness: { http: { path: "/ready", port: "http" } },
  },
  resources: { typical: { cpu: "100m", memory: "128Mi" } },
  scaling: { hpa: { min: 2, max: 6 } },
  config: { env: { LEVEL: "info" } },
  uses: { ordering },
  env: { DATABASE_URL: ordering.url },
  exposure: { ingress: { paths: [{ path: "/order" }] } },
});

/** What a team writes that knows none of the practices; docs/comparison.md has the same service. */
export const newcomers = application({ name: "shop", team: "checkout", services: [orders] });
