import type { Duration } from "../kit/duration";
import { spread, type PlacementSpec } from "../kit/placement";
import { parseQuantity, type Quantity } from "../kit/quantity";
import { containerResources, type ContainerResources } from "../kit/resources";

/** The names that the chart gives its objects start with this. */
export const fullName = "kube-prometheus-stack";

/** The namespace of everything but the node exporter. */
export const monitoringNamespace = "monitoring";

/** The namespace of the node exporter, which needs what no other pod may have. */
export const nodeExporterNamespace = "node-exporter";

/** The label by which Prometheus finds monitors and rules, in any namespace. */
export const monitorLabels = { release: fullName } as const;

/** The labels of the pods that talk to each other. */
export const monitoringPods = {
  prometheus: {
    "app.kubernetes.io/name": "prometheus",
    "operator.prometheus.io/name": `${fullName}-prometheus`,
  },
  alertmanager: {
    "app.kubernetes.io/name": "alertmanager",
    alertmanager: `${fullName}-alertmanager`,
  },
  operator: { app: `${fullName}-operator`, release: fullName },
  grafana: { "app.kubernetes.io/name": "grafana", "app.kubernetes.io/instance": fullName },
  kubeStateMetrics: {
    "app.kubernetes.io/name": "kube-state-metrics",
    "app.kubernetes.io/instance": fullName,
  },
} as const;

export interface KubePrometheusStackValuesArgs {
  /** Pods of Prometheus and of Alertmanager each; every Prometheus scrapes everything. */
  readonly replicas: number;
  /** How long Prometheus keeps what it scraped, such as `15d`. */
  readonly metricsRetention: Duration;
  /** The volume of each Prometheus. */
  readonly storage: {
    /** Its size. */
    readonly size: Quantity;
    /**
     * Its StorageClass.
     * @default - the cluster's default StorageClass
     */
    readonly storageClass?: string;
  };
  /** The Secret of Grafana's administrator, and its keys. */
  readonly grafanaAdmin: {
    readonly existingSecret: string;
    readonly userKey: string;
    readonly passwordKey: string;
  };
}

interface VolumeClaimTemplate {
  readonly volumeClaimTemplate: {
    readonly spec: {
      readonly storageClassName?: string;
      readonly accessModes: readonly ["ReadWriteOnce"];
      readonly resources: { readonly requests: { readonly storage: Quantity } };
    };
  };
}

interface InstanceValues {
  readonly replicas: number;
  readonly podAntiAffinity: "hard";
  readonly topologySpreadConstraints: PlacementSpec["topologySpreadConstraints"];
  readonly resources: ContainerResources;
}

interface Budget {
  readonly enabled: boolean;
  readonly minAvailable: number;
}

interface SidecarProbe {
  readonly exec: { readonly command: readonly string[] };
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
}

interface Patience {
  readonly failureThreshold: number;
}

interface Switch {
  readonly enabled: boolean;
}

/** The values of the chart, and of the charts in it, that we set. */
export interface KubePrometheusStackValues {
  readonly fullnameOverride: string;
  readonly crds: Switch & { readonly upgradeJob: Switch };
  readonly kubeControllerManager: Switch;
  readonly kubeEtcd: Switch;
  readonly kubeScheduler: Switch;
  readonly kubeProxy: Switch;
  readonly prometheusOperator: {
    readonly livenessProbe: Patience;
    readonly resources: ContainerResources;
    readonly prometheusConfigReloader: {
      readonly enableProbe: boolean;
      readonly resources: ContainerResources;
    };
    readonly admissionWebhooks: Switch & {
      readonly failurePolicy: "Ignore";
      readonly patch: Switch;
      readonly certManager: Switch;
    };
  };
  readonly prometheus: {
    readonly podDisruptionBudget: Budget;
    readonly prometheusSpec: InstanceValues & {
      readonly retention: string;
      readonly retentionSize: string;
      readonly storageSpec: VolumeClaimTemplate;
      readonly serviceMonitorSelectorNilUsesHelmValues: boolean;
      readonly podMonitorSelectorNilUsesHelmValues: boolean;
      readonly ruleSelectorNilUsesHelmValues: boolean;
      readonly probeSelectorNilUsesHelmValues: boolean;
    };
  };
  readonly alertmanager: {
    readonly podDisruptionBudget: Budget;
    readonly alertmanagerSpec: InstanceValues & { readonly storage: VolumeClaimTemplate };
  };
  readonly grafana: {
    readonly admin: KubePrometheusStackValuesArgs["grafanaAdmin"];
    readonly testFramework: Switch;
    readonly livenessProbe: { readonly timeoutSeconds: number };
    readonly resources: ContainerResources;
    readonly securityContext: {
      readonly runAsNonRoot: boolean;
      readonly runAsUser: number;
      readonly runAsGroup: number;
      readonly fsGroup: number;
      readonly seccompProfile: { readonly type: "RuntimeDefault" };
    };
    readonly sidecar: {
      readonly resources: ContainerResources;
      readonly livenessProbe: SidecarProbe;
      readonly readinessProbe: SidecarProbe;
      readonly dashboards: { readonly env: { readonly HEALTH_PORT: string } };
      readonly datasources: { readonly env: { readonly HEALTH_PORT: string } };
    };
  };
  readonly "kube-state-metrics": {
    readonly livenessProbe: Patience;
    readonly collectorsExclude: readonly ["secrets"];
    readonly resources: ContainerResources;
  };
  readonly "prometheus-node-exporter": {
    readonly namespaceOverride: string;
    readonly livenessProbe: Patience;
    readonly resources: ContainerResources;
    readonly containerSecurityContext: {
      readonly readOnlyRootFilesystem: boolean;
      readonly allowPrivilegeEscalation: boolean;
      readonly capabilities: { readonly drop: readonly ["ALL"] };
      readonly seccompProfile: { readonly type: "RuntimeDefault" };
    };
  };
}

/** Room that Prometheus leaves on its volume: the write-ahead log and blocks in the making come on top. */
const usedShare = 0.8;

/** The user that Grafana's image is made for. */
const grafanaUser = 472;

/** Twice the three failures after which the charts' readiness probes take a pod out of its Service. */
const patient: Patience = { failureThreshold: 6 };

/** The values of the kube-prometheus-stack chart. */
export function kubePrometheusStackValues(
  args: KubePrometheusStackValuesArgs,
): KubePrometheusStackValues {
  return {
    fullnameOverride: fullName,
    // Applied with the chart and so upgraded with it; the job would be a hook.
    crds: { enabled: true, upgradeJob: { enabled: false } },
    // Managed control planes let nobody scrape these, and each would be an alert for ever.
    kubeControllerManager: { enabled: false },
    kubeEtcd: { enabled: false },
    kubeScheduler: { enabled: false },
    kubeProxy: { enabled: false },
    prometheusOperator: {
      livenessProbe: patient,
      resources: containerResources({ typical: { cpu: "100m", memory: "256Mi" } }),
      prometheusConfigReloader: {
        enableProbe: true,
        resources: containerResources({ typical: { cpu: "20m", memory: "32Mi" } }),
      },
      admissionWebhooks: {
        enabled: true,
        // The chart runs one operator, which answers the webhook: a rule is not to wait for its restart.
        failurePolicy: "Ignore",
        patch: { enabled: false },
        certManager: { enabled: true },
      },
    },
    prometheus: {
      podDisruptionBudget: budget(args.replicas),
      prometheusSpec: {
        ...instance(monitoringPods.prometheus, { cpu: "500m", memory: "2Gi" }),
        retention: args.metricsRetention,
        retentionSize: `${String(Math.floor((parseQuantity(args.storage.size) * usedShare) / 2 ** 20))}MiB`,
        storageSpec: claim(args.storage.size),
        // Only what carries the release's label, in every namespace: a monitor is taken up on purpose.
        serviceMonitorSelectorNilUsesHelmValues: true,
        podMonitorSelectorNilUsesHelmValues: true,
        ruleSelectorNilUsesHelmValues: true,
        probeSelectorNilUsesHelmValues: true,
      },
    },
    alertmanager: {
      podDisruptionBudget: budget(args.replicas),
      alertmanagerSpec: {
        ...instance(monitoringPods.alertmanager, { cpu: "20m", memory: "64Mi" }),
        // Silences, and what was sent already.
        storage: claim("1Gi"),
      },
    },
    grafana: {
      admin: args.grafanaAdmin,
      testFramework: { enabled: false },
      // The chart's 30 s are longer than the period, so that one slow answer counts as three.
      livenessProbe: { timeoutSeconds: 5 },
      resources: containerResources({ typical: { cpu: "100m", memory: "256Mi" } }),
      securityContext: {
        runAsNonRoot: true,
        runAsUser: grafanaUser,
        runAsGroup: grafanaUser,
        fsGroup: grafanaUser,
        seccompProfile: { type: "RuntimeDefault" },
      },
      sidecar: {
        resources: containerResources({ typical: { cpu: "20m", memory: "96Mi" } }),
        livenessProbe: sidecarProbe(6),
        readinessProbe: sidecarProbe(3),
        // Both sidecars would listen on one port, and share one probe.
        // @see https://github.com/grafana/helm-charts/issues/4039
        dashboards: { env: { HEALTH_PORT: "8083" } },
        datasources: { env: { HEALTH_PORT: "8081" } },
      },
    },
    "kube-state-metrics": {
      livenessProbe: patient,
      // Counting Secrets takes the right to read them all.
      collectorsExclude: ["secrets"],
      resources: containerResources({ typical: { cpu: "50m", memory: "128Mi" } }),
    },
    "prometheus-node-exporter": {
      namespaceOverride: nodeExporterNamespace,
      livenessProbe: patient,
      resources: containerResources({ typical: { cpu: "50m", memory: "48Mi" } }),
      containerSecurityContext: {
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        seccompProfile: { type: "RuntimeDefault" },
      },
    },
  };

  function instance(
    labels: Readonly<Record<string, string>>,
    typical: { readonly cpu: string; readonly memory: string },
  ): InstanceValues {
    return {
      replicas: args.replicas,
      podAntiAffinity: "hard",
      topologySpreadConstraints: spread(labels, {}, "controller-revision-hash")
        .topologySpreadConstraints,
      resources: containerResources({ typical }),
    };
  }

  function claim(storage: Quantity): VolumeClaimTemplate {
    const { storageClass } = args.storage;
    return {
      volumeClaimTemplate: {
        spec: {
          ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
          accessModes: ["ReadWriteOnce"],
          resources: { requests: { storage } },
        },
      },
    };
  }
}

/** The chart's own default of one pod stays, so it is one at any number of them. */
function budget(replicas: number): Budget {
  return { enabled: replicas > 1, minAvailable: 1 };
}

function sidecarProbe(failureThreshold: number): SidecarProbe {
  const url = "http://127.0.0.1:${HEALTH_PORT}/healthz";
  return {
    exec: { command: ["sh", "-c", `wget -q -O /dev/null "${url}"`] },
    initialDelaySeconds: 30,
    periodSeconds: 30,
    timeoutSeconds: 5,
    failureThreshold,
  };
}
