import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { from, networkPolicy } from "../kit/network-policy";
import type { Monitoring } from "./features";
import { controllerLabels } from "./ingress-nginx-values";
import { podLabels } from "./keda-values";
import { metricsServerLabels } from "./metrics-server-values";
import { reloaderLabels } from "./reloader-values";
import { externalSecretsNamespace } from "./secret-store-spec";
import { recommenderLabels } from "./vertical-pod-autoscaler-values";

/** Where a controller tells how it does. */
export interface MetricsSource {
  /** The namespace of its pods. */
  readonly namespace: string;
  /** The labels of its pods. */
  readonly pods: Readonly<Record<string, string>>;
  /** The port of its metrics: its name among the container's ports, and its number. */
  readonly port: { readonly name: string; readonly number: number };
  /**
   * How it is asked; over https its certificate is not compared, as pods are asked by their addresses.
   * @default "http"
   */
  readonly scheme?: "http" | "https";
}

/**
 * The controllers that tell whoever may reach their port. PGO and the Prometheus adapter want a token, which a
 * PodMonitor cannot give.
 * @see https://github.com/CrunchyData/postgres-operator/blob/main/cmd/postgres-operator/main.go
 */
export const controllerMetrics = {
  "cert-manager": {
    namespace: "cert-manager",
    pods: { "app.kubernetes.io/instance": "cert-manager" },
    port: { name: "http-metrics", number: 9402 },
  },
  "external-secrets": {
    namespace: externalSecretsNamespace,
    pods: { "app.kubernetes.io/instance": "external-secrets" },
    port: { name: "metrics", number: 8080 },
  },
  "ingress-nginx": {
    namespace: "ingress-nginx",
    pods: controllerLabels,
    port: { name: "metrics", number: 10254 },
  },
  keda: {
    namespace: "keda",
    pods: podLabels("operator"),
    port: { name: "metrics", number: 8080 },
  },
  "metrics-server": {
    namespace: "metrics-server",
    pods: metricsServerLabels,
    port: { name: "https", number: 10250 },
    scheme: "https",
  },
  reloader: {
    namespace: "reloader",
    pods: reloaderLabels,
    port: { name: "http", number: 9090 },
  },
  "vertical-pod-autoscaler": {
    namespace: "vertical-pod-autoscaler",
    pods: recommenderLabels,
    port: { name: "prometheus", number: 8942 },
  },
} as const satisfies Readonly<Record<string, MetricsSource>>;

/** What brings each controller that the stack installs, and with it its namespace. */
export type InstalledControllers = Readonly<
  Partial<Record<keyof typeof controllerMetrics, readonly pulumi.Resource[]>>
>;

/**
 * Has Prometheus scrape the controllers, and lets it in. The monitors are the program's own and not the charts':
 * what brings their kind needs a certificate, so cert-manager is there before its own monitor can be.
 */
export function monitorControllers(
  parent: pulumi.ComponentResource,
  name: string,
  monitoring: Monitoring,
  installed: InstalledControllers,
): void {
  for (const [controller, source] of Object.entries<MetricsSource>(controllerMetrics)) {
    const ready = installed[controller as keyof typeof controllerMetrics];
    if (ready !== undefined) {
      const { namespace, pods, port } = source;
      new kubernetes.networking.v1.NetworkPolicy(
        `${name}-${controller}-allow-scrape`,
        {
          metadata: { name: "allow-scrape", namespace },
          spec: networkPolicy({ pods, ingress: [from(monitoring, [port.number])] }),
        },
        { parent, dependsOn: [...ready] },
      );
      new kubernetes.apiextensions.CustomResource(
        `${name}-${controller}-monitor`,
        {
          apiVersion: "monitoring.coreos.com/v1",
          kind: "PodMonitor",
          metadata: { name: controller, namespace, labels: { ...monitoring.labels } },
          spec: podMonitorSpec(source),
        },
        { parent, dependsOn: [...ready, ...monitoring.ready] },
      );
    }
  }
}

function podMonitorSpec({ pods, port, scheme }: MetricsSource): object {
  const overTls = { scheme: "https", tlsConfig: { insecureSkipVerify: true } };
  return {
    selector: { matchLabels: { ...pods } },
    podMetricsEndpoints: [{ port: port.name, ...(scheme === "https" ? overTls : {}) }],
  };
}
