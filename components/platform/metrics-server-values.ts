import { disruptionBudget } from "../kit/disruption";
import { spread, type PlacementSpec } from "../kit/placement";
import { containerResources, type ContainerResources } from "../kit/resources";
import { chartDisruptionBudget, type ChartDisruptionBudget } from "./chart-values";

export interface MetricsServerValuesArgs {
  /** Pods of the server. */
  readonly replicas: number;
  /** The Secret of its serving certificate, and the Certificate it comes from, as `namespace/name`. */
  readonly certificate: { readonly secretName: string; readonly injectFrom: string };
}

/** The values of the chart that we set. */
export interface MetricsServerValues {
  readonly replicas: number;
  readonly resources: ContainerResources;
  readonly podDisruptionBudget: ChartDisruptionBudget;
  readonly topologySpreadConstraints: PlacementSpec["topologySpreadConstraints"];
  readonly updateStrategy: {
    readonly type: "RollingUpdate";
    readonly rollingUpdate: { readonly maxUnavailable: number; readonly maxSurge: number };
  };
  readonly livenessProbe: { readonly failureThreshold: number };
  readonly metrics: { readonly enabled: boolean };
  readonly tmpVolume: { readonly emptyDir: { readonly sizeLimit: string } };
  readonly apiService: {
    readonly insecureSkipTLSVerify: boolean;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly tls: {
    readonly type: "existingSecret";
    readonly existingSecret: { readonly name: string; readonly lookup: boolean };
  };
}

/** The labels of the server's pods. */
export const metricsServerLabels = {
  "app.kubernetes.io/name": "metrics-server",
  "app.kubernetes.io/instance": "metrics-server",
} as const;

/** The values of the metrics-server chart. */
export function metricsServerValues(args: MetricsServerValuesArgs): MetricsServerValues {
  return {
    replicas: args.replicas,
    // Enough for 100 nodes.
    // @see https://kubernetes-sigs.github.io/metrics-server/#scaling
    resources: containerResources({ typical: { cpu: "100m", memory: "200Mi" } }),
    podDisruptionBudget: chartDisruptionBudget(disruptionBudget(args.replicas)),
    topologySpreadConstraints: spread(metricsServerLabels).topologySpreadConstraints,
    updateStrategy: {
      type: "RollingUpdate",
      rollingUpdate: { maxUnavailable: 0, maxSurge: 1 },
    },
    // The chart's three is readiness' too: a pod would be restarted when it is taken out of the traffic.
    livenessProbe: { failureThreshold: 6 },
    // How it does itself, told to whoever reaches its port: there are no pods' figures in it.
    metrics: { enabled: true },
    // Holds the file by which the API's own libraries find a generated certificate; ours is elsewhere.
    tmpVolume: { emptyDir: { sizeLimit: "16Mi" } },
    // The chart's default lets the API server believe whoever answers.
    apiService: {
      insecureSkipTLSVerify: false,
      annotations: { "cert-manager.io/inject-ca-from": args.certificate.injectFrom },
    },
    tls: {
      type: "existingSecret",
      // Looking the Secret up would make what is rendered depend on what is in the cluster.
      existingSecret: { name: args.certificate.secretName, lookup: false },
    },
  };
}
