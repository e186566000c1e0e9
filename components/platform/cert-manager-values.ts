import type { ObjectTransform } from "../kit/chart";
import { disruptionBudget } from "../kit/disruption";
import { onContainer } from "../kit/object-transforms";
import { spread, type PlacementSpec } from "../kit/placement";
import { containerResources, type ContainerResources } from "../kit/resources";
import type { Retention } from "../kit/retention";
import { chartDisruptionBudget, type ChartDisruptionBudget } from "./chart-values";

/** The namespace of cert-manager, and of the Secrets of its ClusterIssuers. */
export const namespaceName = "cert-manager";

export interface CertManagerValuesArgs {
  /** Pods of the controller, the webhook and the CA injector each. */
  readonly replicas: number;
  /** What becomes of the certificates' definitions, and so of every certificate, on a destroy. */
  readonly retention: Retention;
}

/** One of the three Deployments of the chart. */
interface DeploymentValues {
  readonly replicaCount: number;
  readonly resources: ContainerResources;
  readonly podDisruptionBudget: ChartDisruptionBudget;
  readonly topologySpreadConstraints: PlacementSpec["topologySpreadConstraints"];
}

/** The values of the chart that we set. */
export interface CertManagerValues extends DeploymentValues {
  readonly crds: { readonly enabled: boolean; readonly keep: boolean };
  readonly global: { readonly leaderElection: { readonly namespace: string } };
  readonly livenessProbe: { readonly timeoutSeconds: number };
  readonly prometheus: {
    readonly enabled: boolean;
    readonly servicemonitor: { readonly enabled: boolean };
  };
  readonly webhook: DeploymentValues;
  readonly cainjector: DeploymentValues;
  readonly startupapicheck: { readonly enabled: boolean };
}

/** The labels of the pods of one of the chart's Deployments. */
export function podLabels(
  component: "controller" | "webhook" | "cainjector",
): Record<string, string> {
  return {
    "app.kubernetes.io/instance": "cert-manager",
    "app.kubernetes.io/component": component,
  };
}

/** The values of the cert-manager chart. */
export function certManagerValues(args: CertManagerValuesArgs): CertManagerValues {
  return {
    crds: { enabled: true, keep: args.retention === "keep" },
    // The chart's default is kube-system, where managed clusters give no rights.
    global: { leaderElection: { namespace: namespaceName } },
    ...deployment("controller", { cpu: "50m", memory: "128Mi" }),
    // The chart's 15 s is longer than the 10 s between two probes.
    livenessProbe: { timeoutSeconds: 5 },
    // The metrics port is what the probes of the CA injector ask.
    prometheus: { enabled: true, servicemonitor: { enabled: false } },
    webhook: deployment("webhook", { cpu: "50m", memory: "64Mi" }),
    cainjector: deployment("cainjector", { cpu: "50m", memory: "256Mi" }),
    startupapicheck: { enabled: false },
  };

  function deployment(
    component: "controller" | "webhook" | "cainjector",
    typical: { readonly cpu: string; readonly memory: string },
  ): DeploymentValues {
    return {
      replicaCount: args.replicas,
      resources: containerResources({ typical }),
      podDisruptionBudget: chartDisruptionBudget(disruptionBudget(args.replicas)),
      topologySpreadConstraints: spread(podLabels(component)).topologySpreadConstraints,
    };
  }
}

/**
 * The probes the chart has no value for. The CA injector serves nothing but metrics; whether it can
 * be connected to tells a hung process, and whether it answers tells a started one.
 */
export const certManagerProbes: readonly ObjectTransform[] = [
  onContainer(
    { kind: "Deployment", name: "cert-manager", container: "cert-manager-controller" },
    {
      readinessProbe: {
        tcpSocket: { port: "http-metrics" },
        periodSeconds: 10,
        failureThreshold: 3,
      },
    },
  ),
  onContainer(
    {
      kind: "Deployment",
      name: "cert-manager-cainjector",
      container: "cert-manager-cainjector",
    },
    {
      livenessProbe: {
        tcpSocket: { port: "http-metrics" },
        initialDelaySeconds: 30,
        periodSeconds: 20,
        failureThreshold: 3,
      },
      readinessProbe: {
        httpGet: { path: "/metrics", port: "http-metrics" },
        periodSeconds: 10,
        timeoutSeconds: 5,
        failureThreshold: 3,
      },
    },
  ),
];
