import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { charts } from "../charts";
import { installChart, type ChartEnvironment } from "../kit/chart";
import { Component } from "../kit/component";
import { disruptionBudget } from "../kit/disruption";
import { Namespace } from "../kit/namespace";
import { apiServerPorts, fromAnywhere, networkPolicy, toAnywhere } from "../kit/network-policy";
import { everyChart } from "../kit/object-transforms";
import { containerResources, type ContainerResources } from "../kit/resources";
import { customResourceDefinitionType, retainTypes, type Retention } from "../kit/retention";
import { chartDisruptionBudget, type ChartDisruptionBudget } from "./chart-values";

const namespaceName = "external-secrets";

/** The port the webhook listens on; the chart's default. */
const webhookPort = 10250;

/** What other components need of External Secrets. */
export interface SecretStores {
  /** What a SecretStore or an ExternalSecret depends on, so that its API is served. */
  readonly ready: readonly pulumi.Resource[];
}

export interface ExternalSecretsArgs {
  /** Pods of the controller, the webhook and the certificate controller each. */
  readonly replicas: number;
  /** What all charts of the stack share. */
  readonly environment: ChartEnvironment;
  /** What becomes of the definitions, and so of every ExternalSecret and its Secret, on a destroy. */
  readonly retention: Retention;
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

/**
 * External Secrets: carries Secrets from where they are kept to the namespaces that read them.
 *
 * The chart has no hooks. Its definitions are ordinary objects in it, so they are upgraded with it,
 * and kept when the stack's data is kept.
 */
export class ExternalSecrets extends Component implements SecretStores {
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: ExternalSecretsArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("platform", "ExternalSecrets", name, opts);

    const namespace = new Namespace(
      `${name}-namespace`,
      { name: namespaceName, podSecurity: "restricted" },
      { parent: this },
    );
    allowTraffic(this);
    const chart = installExternalSecrets(this);

    this.ready = [chart];
    this.registerOutputs({});

    function allowTraffic(parent: ExternalSecrets): void {
      new kubernetes.networking.v1.NetworkPolicy(
        `${name}-allow-api-server`,
        {
          metadata: { name: "allow-api-server", namespace: namespaceName },
          spec: networkPolicy({ pods: {}, egress: [toAnywhere(apiServerPorts)] }),
        },
        { parent, dependsOn: [namespace] },
      );
      new kubernetes.networking.v1.NetworkPolicy(
        `${name}-allow-webhook`,
        {
          metadata: { name: "allow-webhook", namespace: namespaceName },
          spec: networkPolicy({
            pods: { "app.kubernetes.io/name": "external-secrets-webhook" },
            ingress: [fromAnywhere([webhookPort])],
          }),
        },
        { parent, dependsOn: [namespace] },
      );
    }

    function installExternalSecrets(parent: ExternalSecrets): pulumi.Resource {
      return installChart(
        `${name}-chart`,
        {
          coordinates: charts.externalSecrets,
          environment: args.environment,
          releaseName: "external-secrets",
          namespace: namespaceName,
          values: externalSecretsValues(args),
          transforms: everyChart,
        },
        {
          parent,
          dependsOn: [namespace],
          transforms: [retainTypes(args.retention, [customResourceDefinitionType])],
        },
      );
    }
  }
}

/** The values of the External Secrets chart. */
export function externalSecretsValues(
  args: Pick<ExternalSecretsArgs, "replicas">,
): ExternalSecretsValues {
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
