import { disruptionBudget } from "../kit/disruption";
import { containerResources, type ContainerResources } from "../kit/resources";
import { chartDisruptionBudget, type ChartDisruptionBudget } from "./chart-values";

export interface ExternalSecretsValuesArgs {
  /** Pods of the controller, the webhook and the certificate controller each. */
  readonly replicas: number;
  /** Annotations of the controller's ServiceAccount, by which a cloud knows it. */
  readonly identity: Readonly<Record<string, string>>;
}

/** One of the chart's webhook and certificate controller. */
interface HelperValues {
  readonly replicaCount: number;
  readonly resources: ContainerResources;
  readonly podDisruptionBudget: ChartDisruptionBudget;
  readonly podSecurityContext: PodSecurityContextValues;
  readonly livenessProbe: { readonly enabled: boolean };
  readonly readinessProbe: { readonly enabled: boolean };
  readonly startupProbe: { readonly enabled: boolean };
}

interface PodSecurityContextValues {
  readonly enabled: boolean;
  readonly runAsNonRoot: boolean;
  readonly seccompProfile: { readonly type: "RuntimeDefault" };
}

interface ProbeValues {
  readonly enabled: boolean;
  readonly spec: { readonly httpGet: { readonly path: string; readonly port: string } };
}

/** A constraint without a selector: the chart adds the one of each Deployment. */
interface SpreadValues {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly whenUnsatisfiable: "ScheduleAnyway";
  readonly matchLabelKeys: readonly string[];
}

/** The values of the chart that we set. */
export interface ExternalSecretsValues {
  readonly installCRDs: boolean;
  readonly crds: {
    readonly unsafeServeV1Beta1: boolean;
    readonly conversion: { readonly enabled: boolean };
  };
  readonly global: { readonly topologySpreadConstraints: readonly SpreadValues[] };
  readonly serviceAccount: { readonly annotations: Readonly<Record<string, string>> };
  readonly replicaCount: number;
  readonly leaderElect: boolean;
  readonly resources: ContainerResources;
  readonly podDisruptionBudget: ChartDisruptionBudget;
  readonly podSecurityContext: PodSecurityContextValues;
  readonly livenessProbe: ProbeValues;
  readonly readinessProbe: ProbeValues;
  readonly serviceMonitor: { readonly enabled: boolean };
  readonly webhook: HelperValues;
  readonly certController: HelperValues;
}

/** The values of the External Secrets chart. */
export function externalSecretsValues(args: ExternalSecretsValuesArgs): ExternalSecretsValues {
  const podDisruptionBudget = chartDisruptionBudget(disruptionBudget(args.replicas));
  // The chart renders the context only when it holds another key beside "enabled".
  const podSecurityContext = {
    enabled: true,
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
  } as const;
  const helper = (typical: { readonly cpu: string; readonly memory: string }): HelperValues => ({
    replicaCount: args.replicas,
    resources: containerResources({ typical }),
    podDisruptionBudget,
    podSecurityContext,
    livenessProbe: { enabled: true },
    readinessProbe: { enabled: true },
    startupProbe: { enabled: true },
  });
  return {
    installCRDs: true,
    crds: { unsafeServeV1Beta1: false, conversion: { enabled: false } },
    global: {
      topologySpreadConstraints: [
        evenly("topology.kubernetes.io/zone"),
        evenly("kubernetes.io/hostname"),
      ],
    },
    serviceAccount: { annotations: args.identity },
    replicaCount: args.replicas,
    // Also passed to the certificate controller; without it two pods would write the same Secrets.
    leaderElect: true,
    resources: containerResources({ typical: { cpu: "50m", memory: "256Mi" } }),
    podDisruptionBudget,
    podSecurityContext,
    // A port by name makes the chart take the listen address from its own defaults.
    livenessProbe: { enabled: true, spec: { httpGet: { path: "/healthz", port: "live" } } },
    readinessProbe: { enabled: true, spec: { httpGet: { path: "/readyz", port: "live" } } },
    serviceMonitor: { enabled: false },
    webhook: helper({ cpu: "20m", memory: "128Mi" }),
    certController: helper({ cpu: "20m", memory: "256Mi" }),
  };
}

function evenly(topologyKey: string): SpreadValues {
  return {
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    matchLabelKeys: ["pod-template-hash"],
  };
}
