import type { ApplicationArgs } from "../../components/apps/application";
import { application, service } from "../../components/apps/declaration";
import { resolveApplications } from "../../components/apps/resolve";

/** An application of so many services, each of seven objects, on a platform that is there already. */
export function applicationOf(services: number): ApplicationArgs {
  const declaration = application({
    name: "bench",
    team: "bench",
    services: Array.from({ length: services }, (_, index) =>
      service(`service-${String(index)}`, {
        ports: { http: 8080 },
        probes: {
          liveness: { http: { path: "/live", port: "http" } },
          readiness: { http: { path: "/ready", port: "http" } },
        },
        resources: { typical: { cpu: "10m", memory: "16Mi" } },
        config: { env: { LOG_LEVEL: "info", WORKERS: "4" } },
        scaling: { hpa: { min: 2, max: 4 } },
      }),
    ),
  });
  const settings = { host: "bench.example.com", services: {} };
  const images = {
    registry: "registry.example.com/bench",
    pullSecrets: [],
    given: { services: {}, others: "1.0.0" },
  };
  const [resolved] = resolveApplications([{ declaration, settings }], {
    features: new Set(["resourceMetrics"]),
    environment: "bench",
    images,
  });
  if (resolved === undefined) {
    throw new Error("The application was not resolved.");
  }
  return { application: resolved, platform, connect, pullSecrets: [] };
}

const platform: ApplicationArgs["platform"] = {
  certificates: { clusterIssuer: "none", ready: [] },
  edge: {
    kind: "nginx",
    className: "nginx",
    controller: { namespace: "edge", podLabels: { app: "edge" }, ports: [443] },
    clusterIssuer: "none",
    ready: [],
  },
  features: {
    priorityClasses: {
      names: { critical: "critical", standard: "standard", batch: "batch" },
      ready: [],
    },
    // Its autoscalers are refused where nobody measures.
    resourceMetrics: { ready: [] },
  },
  secretStores: { ready: [], stores: {} },
};

const connect: ApplicationArgs["connect"] = ({ key }) => {
  throw new Error(`Nothing here meets ${key}.`);
};
