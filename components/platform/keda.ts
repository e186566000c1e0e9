import type * as pulumi from "@pulumi/pulumi";
import { charts } from "../charts";
import { Component } from "../kit/component";
import {
  apiServerPorts,
  from,
  fromAnywhere,
  to,
  toAnyPod,
  toAnywhere,
  type NetworkPolicyRules,
} from "../kit/network-policy";
import { sampleName, ServedApi } from "../kit/served-api";
import type { Certificates } from "./cert-manager";
import { installController, type ControllerArgs } from "./controller";
import type { EventScaling } from "./features";
import { kedaPorts, kedaValues, podLabels, type KedaValuesArgs } from "./keda-values";

const namespace = "keda";

export interface KedaArgs extends KedaValuesArgs, ControllerArgs {
  /** What issues the certificates of its webhooks and of its API. */
  readonly certificates: Pick<Certificates, "ready">;
}

/**
 * KEDA: scales on events, such as the length of a queue.
 *
 * The chart has no hooks. It limits and probes every container and runs them restricted. Its operator
 * scales Deployments and StatefulSets, and reads no Secret outside its own namespace.
 */
export class Keda extends Component implements EventScaling {
  readonly operator = { namespace, podLabels: podLabels("operator") };
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: KedaArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("platform", "Keda", name, opts);

    const chart = installController(this, name, {
      coordinates: charts.keda,
      releaseName: "keda",
      namespace,
      values: kedaValues(args),
      traffic: kedaTraffic,
      environment: args.environment,
      retention: args.retention,
      dependsOn: () => args.certificates.ready,
    });
    const api = new ServedApi(
      `${name}-api`,
      {
        server: "KEDA",
        installed: chart,
        samples: [scaledObjectSample],
        api: args.environment.api,
      },
      { parent: this },
    );

    this.ready = [chart, api];
    this.registerOutputs({});
  }
}

const operator = { namespace, podLabels: podLabels("operator"), ports: [kedaPorts.operator] };
const metricsServer = { namespace, podLabels: podLabels("metricsServer") };

/**
 * The API server asks the metrics API server and the webhooks; the metrics API server asks the
 * operator; the operator asks what a ScaledObject names, which is for that one's policies to allow.
 */
const kedaTraffic: Readonly<Record<string, NetworkPolicyRules>> = {
  "allow-operator": {
    pods: operator.podLabels,
    ingress: [from(metricsServer, operator.ports)],
    egress: [toAnywhere(apiServerPorts), toAnyPod()],
  },
  "allow-metrics-server": {
    pods: metricsServer.podLabels,
    ingress: [fromAnywhere([kedaPorts.metricsServer])],
    egress: [toAnywhere(apiServerPorts), to(operator)],
  },
  "allow-webhooks": {
    pods: podLabels("webhooks"),
    ingress: [fromAnywhere([kedaPorts.webhooks])],
    egress: [toAnywhere(apiServerPorts)],
  },
};

/** As small as the definition lets one be. */
export const scaledObjectSample = {
  path: `/apis/keda.sh/v1alpha1/namespaces/${namespace}/scaledobjects`,
  body: {
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledObject",
    metadata: { name: sampleName, namespace },
    spec: {
      scaleTargetRef: { name: sampleName },
      triggers: [
        {
          type: "cron",
          metadata: {
            timezone: "UTC",
            start: "0 6 * * *",
            end: "0 20 * * *",
            desiredReplicas: "1",
          },
        },
      ],
    },
  },
};
