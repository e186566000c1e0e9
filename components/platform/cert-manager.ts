import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { charts } from "../charts";
import { installChart, type ChartEnvironment, type ObjectTransform } from "../kit/chart";
import { Component } from "../kit/component";
import { disruptionBudget } from "../kit/disruption";
import { Namespace } from "../kit/namespace";
import { apiServerPorts, fromAnywhere, networkPolicy, toAnywhere } from "../kit/network-policy";
import { onContainer, everyChart } from "../kit/object-transforms";
import { spread, type PlacementSpec } from "../kit/placement";
import { containerResources, type ContainerResources } from "../kit/resources";
import { customResourceDefinitionType, retainTypes, type Retention } from "../kit/retention";
import { chartDisruptionBudget, type ChartDisruptionBudget } from "./chart-values";

const namespaceName = "cert-manager";

/** The port the webhook listens on; the chart's default. */
const webhookPort = 10250;

/** The name of the stack's own certificate authority: its issuer, its certificate and its Secret. */
const authority = "slipway-ca";

/** What other components need of cert-manager. */
export interface Certificates {
  /** The ClusterIssuer that signs certificates for use inside the cluster. */
  readonly clusterIssuer: string;
  /** What a Certificate depends on, so that its API is served and its issuer can sign. */
  readonly ready: readonly pulumi.Resource[];
}

export interface CertManagerArgs {
  /** Pods of the controller, the webhook and the CA injector each. */
  readonly replicas: number;
  /** What all charts of the stack share. */
  readonly environment: ChartEnvironment;
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

/**
 * cert-manager, and a certificate authority of the stack's own that signs what talks inside the
 * cluster.
 *
 * Of the chart's hooks only the start-up check exists, and only a Helm release would run it: consumers
 * depend on `ready` instead.
 */
export class CertManager extends Component implements Certificates {
  readonly clusterIssuer: string;
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: CertManagerArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("platform", "CertManager", name, opts);

    const namespace = new Namespace(
      `${name}-namespace`,
      { name: namespaceName, podSecurity: "restricted" },
      { parent: this },
    );
    allowTraffic(this);
    const chart = installCertManager(this);
    const issuer = createAuthority(this);

    this.clusterIssuer = authority;
    this.ready = [chart, issuer];
    this.registerOutputs({ clusterIssuer: this.clusterIssuer });

    function allowTraffic(parent: CertManager): void {
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
            pods: podLabels("webhook"),
            ingress: [fromAnywhere([webhookPort])],
          }),
        },
        { parent, dependsOn: [namespace] },
      );
    }

    function installCertManager(parent: CertManager): pulumi.Resource {
      return installChart(
        `${name}-chart`,
        {
          coordinates: charts.certManager,
          environment: args.environment,
          releaseName: "cert-manager",
          namespace: namespaceName,
          values: certManagerValues(args),
          transforms: [...certManagerProbes, ...everyChart],
        },
        {
          parent,
          dependsOn: [namespace],
          transforms: [retainTypes(args.retention, [customResourceDefinitionType])],
        },
      );
    }

    function createAuthority(parent: CertManager): pulumi.Resource {
      const selfSigned = clusterIssuer("slipway-self-signed", { selfSigned: {} }, [chart]);
      const certificate = new kubernetes.apiextensions.CustomResource(
        `${name}-authority`,
        {
          apiVersion: "cert-manager.io/v1",
          kind: "Certificate",
          metadata: {
            name: authority,
            namespace: namespaceName,
            annotations: { "pulumi.com/waitFor": "condition=Ready" },
          },
          spec: {
            isCA: true,
            commonName: authority,
            secretName: authority,
            // Ten years, renewed a year before: what trusts the authority has to be told of a new one.
            duration: "87600h",
            renewBefore: "8760h",
            privateKey: { algorithm: "ECDSA", size: 256 },
            issuerRef: {
              group: "cert-manager.io",
              kind: "ClusterIssuer",
              name: "slipway-self-signed",
            },
          },
        },
        { parent, dependsOn: [selfSigned] },
      );
      return clusterIssuer(authority, { ca: { secretName: authority } }, [certificate]);

      function clusterIssuer(
        issuerName: string,
        spec: { readonly selfSigned: object } | { readonly ca: { readonly secretName: string } },
        dependsOn: pulumi.Resource[],
      ): pulumi.Resource {
        return new kubernetes.apiextensions.CustomResource(
          `${name}-${issuerName}`,
          {
            apiVersion: "cert-manager.io/v1",
            kind: "ClusterIssuer",
            metadata: {
              name: issuerName,
              annotations: { "pulumi.com/waitFor": "condition=Ready" },
            },
            spec,
          },
          { parent, dependsOn },
        );
      }
    }
  }
}

/** The labels of the pods of one of the chart's Deployments. */
function podLabels(component: "controller" | "webhook" | "cainjector"): Record<string, string> {
  return {
    "app.kubernetes.io/instance": "cert-manager",
    "app.kubernetes.io/component": component,
  };
}

/** The values of the cert-manager chart. */
export function certManagerValues(
  args: Pick<CertManagerArgs, "replicas" | "retention">,
): CertManagerValues {
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
