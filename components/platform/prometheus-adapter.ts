import type * as pulumi from "@pulumi/pulumi";
import { charts } from "../charts";
import { Component } from "../kit/component";
import {
  apiServerPorts,
  fromAnywhere,
  to,
  toAnywhere,
  type NetworkPolicyRules,
} from "../kit/network-policy";
import type { Certificates } from "./cert-manager";
import { installController, type ControllerArgs } from "./controller";
import type { Feature } from "./features";
import type { Prometheus } from "./kube-prometheus-stack";
import { adapterLabels, prometheusAdapterValues } from "./prometheus-adapter-values";

const namespace = "prometheus-adapter";

/** The port of Prometheus, and that of the adapter; the charts' defaults. */
const prometheusPort = 9090;
const adapterPort = 6443;

export interface PrometheusAdapterArgs extends ControllerArgs {
  /** Pods of the adapter. */
  readonly replicas: number;
  /** The Prometheus that it asks. */
  readonly monitoring: Prometheus;
  /** What issues its certificate. */
  readonly certificates: Pick<Certificates, "ready">;
}

/**
 * The Prometheus adapter: gives autoscalers the metrics of pods, such as their requests per second.
 *
 * The chart has no hooks and no definitions.
 */
export class PrometheusAdapter extends Component implements Feature {
  readonly ready: readonly pulumi.Resource[];

  constructor(
    name: string,
    args: PrometheusAdapterArgs,
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    super("platform", "PrometheusAdapter", name, opts);
    const { monitoring } = args;

    const chart = installController(this, name, {
      coordinates: charts.prometheusAdapter,
      releaseName: "prometheus-adapter",
      namespace,
      values: prometheusAdapterValues({
        replicas: args.replicas,
        prometheus: { url: `http://${monitoring.service}`, port: prometheusPort },
      }),
      traffic: trafficTo(monitoring),
      environment: args.environment,
      retention: args.retention,
      dependsOn: () => [...args.certificates.ready, ...monitoring.ready],
    });

    this.ready = [chart];
    this.registerOutputs({});
  }
}

function trafficTo({
  namespace: prometheus,
  podLabels,
}: Prometheus): Readonly<Record<string, NetworkPolicyRules>> {
  return {
    "allow-adapter": {
      pods: adapterLabels,
      ingress: [fromAnywhere([adapterPort])],
      egress: [
        toAnywhere(apiServerPorts),
        to({ namespace: prometheus, podLabels, ports: [prometheusPort] }),
      ],
    },
  };
}
