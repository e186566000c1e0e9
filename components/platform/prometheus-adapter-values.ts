import { disruptionBudget } from "../kit/disruption";
import { spread, type PlacementSpec } from "../kit/placement";
import { containerResources, type ContainerResources } from "../kit/resources";

export interface PrometheusAdapterValuesArgs {
  /** Pods of the adapter. */
  readonly replicas: number;
  /** The Prometheus that it asks. */
  readonly prometheus: { readonly url: string; readonly port: number };
}

interface AdapterRule {
  readonly seriesQuery: string;
  readonly resources: {
    readonly overrides: {
      readonly namespace: { readonly resource: "namespace" };
      readonly pod: { readonly resource: "pod" };
    };
  };
  readonly name: { readonly matches: string; readonly as: string };
  readonly metricsQuery: string;
}

/** The values of the chart that we set. */
export interface PrometheusAdapterValues {
  readonly prometheus: { readonly url: string; readonly port: number };
  readonly replicas: number;
  readonly resources: ContainerResources;
  readonly podDisruptionBudget: {
    readonly enabled: boolean;
    readonly minAvailable: number | null;
    readonly maxUnavailable: number | null;
  };
  readonly topologySpreadConstraints: PlacementSpec["topologySpreadConstraints"];
  readonly livenessProbe: { readonly failureThreshold: number };
  readonly readinessProbe: { readonly failureThreshold: number };
  readonly startupProbe: {
    readonly httpGet: { readonly path: string; readonly port: string; readonly scheme: "HTTPS" };
    readonly periodSeconds: number;
    readonly failureThreshold: number;
  };
  readonly rbac: { readonly customMetrics: { readonly resources: readonly string[] } };
  readonly rules: {
    readonly default: boolean;
    readonly custom: readonly AdapterRule[];
    readonly external: readonly AdapterRule[];
  };
  readonly certManager: { readonly enabled: boolean };
}

/** The labels of the adapter's pods. */
export const adapterLabels = {
  "app.kubernetes.io/name": "prometheus-adapter",
  "app.kubernetes.io/instance": "prometheus-adapter",
} as const;

/** The values of the prometheus-adapter chart. */
export function prometheusAdapterValues(
  args: PrometheusAdapterValuesArgs,
): PrometheusAdapterValues {
  const budget = disruptionBudget(args.replicas);
  return {
    prometheus: args.prometheus,
    replicas: args.replicas,
    resources: containerResources({ typical: { cpu: "50m", memory: "128Mi" } }),
    // The chart's default is one of the two, and both together are refused.
    podDisruptionBudget: {
      enabled: budget !== undefined,
      minAvailable: null,
      maxUnavailable: null,
      ...budget,
    },
    topologySpreadConstraints: spread(adapterLabels).topologySpreadConstraints,
    livenessProbe: { failureThreshold: 6 },
    readinessProbe: { failureThreshold: 3 },
    startupProbe: {
      httpGet: { path: "/healthz", port: "https", scheme: "HTTPS" },
      periodSeconds: 10,
      failureThreshold: 30,
    },
    // What autoscalers may ask for; the chart's default is everything.
    rbac: { customMetrics: { resources: ["pods/http_requests_per_second"] } },
    // Custom metrics only: external metrics are KEDA's, and one API group has one server.
    rules: { default: false, custom: [requestsPerSecond], external: [] },
    // An authority of its own; the chart's default lets the API server believe whoever answers.
    certManager: { enabled: true },
  };
}

/** `http_requests_total` of each pod becomes `http_requests_per_second`, over the last two minutes. */
const requestsPerSecond: AdapterRule = {
  seriesQuery: 'http_requests_total{namespace!="",pod!=""}',
  resources: {
    overrides: { namespace: { resource: "namespace" }, pod: { resource: "pod" } },
  },
  name: { matches: "^(.*)_total$", as: "${1}_per_second" },
  metricsQuery: "sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)",
};
