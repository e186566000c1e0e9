import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { charts } from "../charts";
import { Component } from "../kit/component";
import { Namespace } from "../kit/namespace";
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
import type { Monitoring } from "./features";
import {
  fullName,
  kubePrometheusStackValues,
  monitoringNamespace as namespace,
  monitoringPods,
  monitorLabels,
  nodeExporterNamespace,
  type KubePrometheusStackValuesArgs,
} from "./kube-prometheus-stack-values";

/** Monitoring, for what asks Prometheus itself. */
export interface Prometheus extends Monitoring {
  /** The host name at which it answers queries. */
  readonly service: string;
}

export interface KubePrometheusStackArgs
  extends ControllerArgs, Omit<KubePrometheusStackValuesArgs, "grafanaAdmin"> {
  /** What issues the certificate of the operator's webhook. */
  readonly certificates: Pick<Certificates, "ready">;
}

/** The Secret of Grafana's administrator. */
const grafanaAdmin = {
  existingSecret: "grafana-admin",
  userKey: "admin-user",
  passwordKey: "admin-password",
} as const;

/**
 * Prometheus, Alertmanager and Grafana, and what tells them of nodes and objects.
 *
 * With the webhook's certificate from cert-manager and Grafana's test off, no hook of the chart is left.
 * The chart runs one operator and one kube-state-metrics, and Grafana keeps its sessions in its pod: of
 * each there is one, and what they serve is kept by others while one restarts.
 */
export class KubePrometheusStack extends Component implements Prometheus {
  readonly namespace = namespace;
  readonly podLabels = monitoringPods.prometheus;
  readonly service = `${fullName}-prometheus.${namespace}.svc`;
  readonly labels = monitorLabels;
  readonly ready: readonly pulumi.Resource[];

  constructor(
    name: string,
    args: KubePrometheusStackArgs,
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    super("platform", "KubePrometheusStack", name, opts);

    const nodeExporter = createNodeExporterNamespace(this);
    const chart = installController(this, name, {
      coordinates: charts.kubePrometheusStack,
      releaseName: fullName,
      namespace,
      values: kubePrometheusStackValues({
        replicas: args.replicas,
        metricsRetention: args.metricsRetention,
        storage: args.storage,
        grafanaAdmin,
      }),
      traffic,
      environment: args.environment,
      retention: args.retention,
      dependsOn: (home) => [
        nodeExporter,
        createGrafanaAdmin(this, home),
        ...args.certificates.ready,
      ],
    });
    const api = new ServedApi(
      `${name}-api`,
      {
        server: "kube-prometheus-stack",
        installed: chart,
        samples: [prometheusRuleSample],
        api: args.environment.api,
      },
      { parent: this },
    );

    this.ready = [chart, api];
    this.registerOutputs({ namespace: this.namespace });

    /**
     * The node exporter reads the host's processes, disks and network, which no level below "privileged"
     * allows. It runs apart, so that nothing else gets these rights.
     * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
     */
    function createNodeExporterNamespace(parent: KubePrometheusStack): Namespace {
      return new Namespace(
        `${name}-node-exporter`,
        { name: nodeExporterNamespace, podSecurity: "privileged" },
        { parent },
      );
    }

    function createGrafanaAdmin(
      parent: KubePrometheusStack,
      home: pulumi.Resource,
    ): pulumi.Resource {
      const password = new random.RandomPassword(
        `${name}-grafana-password`,
        { length: 32, special: false },
        { parent },
      );
      return new kubernetes.core.v1.Secret(
        `${name}-grafana-admin`,
        {
          metadata: { name: grafanaAdmin.existingSecret, namespace },
          stringData: {
            [grafanaAdmin.userKey]: "admin",
            [grafanaAdmin.passwordKey]: password.result,
          },
        },
        { parent, dependsOn: [home] },
      );
    }
  }
}

const ports = {
  prometheus: 9090,
  alertmanager: 9093,
  gossip: 9094,
  operator: 10250,
  reloader: 8080,
};

const prometheus = {
  namespace,
  podLabels: monitoringPods.prometheus,
  ports: [ports.prometheus, ports.reloader],
};
const alertmanager = {
  namespace,
  podLabels: monitoringPods.alertmanager,
  ports: [ports.alertmanager, ports.gossip, ports.reloader],
};
const grafana = { namespace, podLabels: monitoringPods.grafana };

/**
 * Prometheus asks every pod and, on its node, every kubelet and node exporter; who may ask Prometheus
 * is Grafana, and what adapts its metrics. Alertmanager tells receivers outside over TLS.
 */
const traffic: Readonly<Record<string, NetworkPolicyRules>> = {
  "allow-operator": {
    pods: monitoringPods.operator,
    ingress: [fromAnywhere([ports.operator])],
    egress: [toAnywhere(apiServerPorts)],
  },
  "allow-prometheus": {
    pods: monitoringPods.prometheus,
    ingress: [
      from(prometheus, prometheus.ports),
      from(grafana, [ports.prometheus]),
      from({ namespace: "prometheus-adapter", podLabels: {} }, [ports.prometheus]),
    ],
    egress: [toAnyPod(), toAnywhere([...apiServerPorts, 9100, 10250])],
  },
  "allow-alertmanager": {
    pods: monitoringPods.alertmanager,
    ingress: [
      from(prometheus, alertmanager.ports),
      from(alertmanager, alertmanager.ports),
      from(grafana, [ports.alertmanager]),
    ],
    egress: [to(alertmanager), toAnywhere([443])],
  },
  "allow-grafana": {
    pods: monitoringPods.grafana,
    ingress: [from(prometheus, [3000])],
    egress: [
      to({ ...prometheus, ports: [ports.prometheus] }),
      to({ ...alertmanager, ports: [ports.alertmanager] }),
      toAnywhere(apiServerPorts),
    ],
  },
  "allow-kube-state-metrics": {
    pods: monitoringPods.kubeStateMetrics,
    ingress: [from(prometheus, [8080])],
    egress: [toAnywhere(apiServerPorts)],
  },
};

/** A rule that never fires. */
export const prometheusRuleSample = {
  path: `/apis/monitoring.coreos.com/v1/namespaces/${namespace}/prometheusrules`,
  body: {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name: sampleName, namespace },
    spec: {
      groups: [{ name: sampleName, rules: [{ record: "slipway:probe", expr: "vector(0)" }] }],
    },
  },
};
