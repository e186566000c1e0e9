import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { charts } from "../charts";
import { Component } from "../kit/component";
import {
  apiServerPorts,
  fromAnywhere,
  toAnywhere,
  type NetworkPolicyRules,
} from "../kit/network-policy";
import type { Certificates } from "./cert-manager";
import { certificate } from "./certificate";
import { installController, type ControllerArgs } from "./controller";
import type { Feature } from "./features";
import { metricsServerLabels, metricsServerValues } from "./metrics-server-values";

const namespace = "metrics-server";

/** The Service that the API server asks; its certificate and the Secret are named like it. */
const service = "metrics-server";

/** The port the server listens on, and that of the kubelets: the chart's defaults are the same. */
const serverPort = 10250;
const kubeletPort = 10250;

export interface MetricsServerArgs extends ControllerArgs {
  /** Pods of the server. */
  readonly replicas: number;
  /** Who signs its certificate. */
  readonly certificates: Certificates;
}

/**
 * The metrics server: tells autoscalers how much CPU and memory the pods use.
 *
 * The chart has no hooks. The API server checks its certificate, which the stack's authority signs;
 * the chart's own default is not to check.
 */
export class MetricsServer extends Component implements Feature {
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: MetricsServerArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("platform", "MetricsServer", name, opts);

    const chart = installController(this, name, {
      coordinates: charts.metricsServer,
      releaseName: "metrics-server",
      namespace,
      values: metricsServerValues({
        replicas: args.replicas,
        certificate: { secretName: service, injectFrom: `${namespace}/${service}` },
      }),
      traffic,
      environment: args.environment,
      retention: args.retention,
      dependsOn: (home) => [createCertificate(this, home)],
    });

    this.ready = [chart];
    this.registerOutputs({});

    function createCertificate(parent: MetricsServer, home: pulumi.Resource): pulumi.Resource {
      return new kubernetes.apiextensions.CustomResource(
        `${name}-certificate`,
        certificate(service, namespace, {
          secretName: service,
          privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
          issuerRef: {
            group: "cert-manager.io",
            kind: "ClusterIssuer",
            name: args.certificates.clusterIssuer,
          },
          dnsNames: [`${service}.${namespace}.svc`, `${service}.${namespace}.svc.cluster.local`],
          usages: ["digital signature", "server auth"],
        }),
        { parent, dependsOn: [home, ...args.certificates.ready] },
      );
    }
  }
}

/** The API server asks it, and it asks every kubelet; no label selects either. */
const traffic: Readonly<Record<string, NetworkPolicyRules>> = {
  "allow-metrics-server": {
    pods: metricsServerLabels,
    ingress: [fromAnywhere([serverPort])],
    egress: [toAnywhere([...apiServerPorts, kubeletPort])],
  },
};
