import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { charts } from "../charts";
import { installChart } from "../kit/chart";
import type { SampleObject } from "../kit/cluster-api";
import { Component } from "../kit/component";
import { Namespace } from "../kit/namespace";
import {
  apiServerPorts,
  fromAnywhere,
  networkPolicy,
  toAnyPod,
  toAnywhere,
} from "../kit/network-policy";
import { everyChart } from "../kit/object-transforms";
import { sampleName, ServedApi } from "../kit/served-api";
import type { Certificates } from "./cert-manager";
import type { ControllerEnvironment } from "./controller";
import type { Edge } from "./edge";
import { controllerLabels, ingressNginxValues } from "./ingress-nginx-values";

const namespaceName = "ingress-nginx";

/** The ports that take traffic from outside. */
const trafficPorts = [80, 443];

/** The port of the admission webhook; the chart's default. */
const webhookPort = 8443;

export interface IngressNginxArgs {
  /** The IngressClass it answers to. */
  readonly className: string;
  /** The bounds of its autoscaler. */
  readonly replicas: { readonly min: number; readonly max: number };
  /** How traffic reaches it. */
  readonly service: "LoadBalancer" | "ClusterIP";
  /** Who signs the webhook's certificate. */
  readonly certificates: Certificates;
  /** The ClusterIssuer that signs the certificates of what is reached from outside. */
  readonly clusterIssuer: string;
  /** What all controllers of the stack share. */
  readonly environment: ControllerEnvironment;
}

/**
 * ingress-nginx, the edge: traffic from outside enters the cluster here.
 *
 * The chart's hooks make and install the admission webhook's certificate; cert-manager does it in
 * their place, so the chart renders none. The project is retired upstream, which is why applications
 * see an `Edge` and not this class.
 */
export class IngressNginx extends Component implements Edge {
  readonly kind = "nginx";
  readonly className: string;
  readonly clusterIssuer: string;
  readonly controller = {
    namespace: namespaceName,
    podLabels: controllerLabels,
    ports: trafficPorts,
  };
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: IngressNginxArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("platform", "IngressNginx", name, opts);

    const namespace = new Namespace(
      `${name}-namespace`,
      { name: namespaceName, podSecurity: "restricted" },
      { parent: this },
    );
    allowTraffic(this);
    const chart = installIngressNginx(this);
    const api = new ServedApi(
      `${name}-api`,
      {
        server: "ingress-nginx",
        installed: chart,
        samples: [ingressSample(args.className)],
        api: args.environment.api,
      },
      { parent: this },
    );

    this.className = args.className;
    this.clusterIssuer = args.clusterIssuer;
    this.ready = [chart, api];
    this.registerOutputs({ className: this.className, clusterIssuer: this.clusterIssuer });

    function allowTraffic(parent: IngressNginx): void {
      new kubernetes.networking.v1.NetworkPolicy(
        `${name}-allow-traffic`,
        {
          metadata: { name: "allow-traffic", namespace: namespaceName },
          spec: networkPolicy({
            pods: controllerLabels,
            ingress: [fromAnywhere([...trafficPorts, webhookPort])],
            egress: [toAnywhere(apiServerPorts), toAnyPod()],
          }),
        },
        { parent, dependsOn: [namespace] },
      );
    }

    function installIngressNginx(parent: IngressNginx): pulumi.Resource {
      return installChart(
        `${name}-chart`,
        {
          coordinates: charts.ingressNginx,
          environment: args.environment,
          releaseName: "ingress-nginx",
          namespace: namespaceName,
          values: ingressNginxValues({
            className: args.className,
            replicas: args.replicas,
            service: args.service,
            webhookIssuer: args.certificates.clusterIssuer,
          }),
          transforms: everyChart,
        },
        { parent, dependsOn: [namespace, ...args.certificates.ready] },
      );
    }
  }
}

/** An Ingress that the controller's webhook is asked about; its host belongs to nobody. */
function ingressSample(className: string): SampleObject {
  return {
    path: `/apis/networking.k8s.io/v1/namespaces/${namespaceName}/ingresses`,
    body: {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { name: sampleName, namespace: namespaceName },
      spec: {
        ingressClassName: className,
        rules: [
          {
            host: `${sampleName}.invalid`,
            http: {
              paths: [
                {
                  path: "/",
                  pathType: "Prefix",
                  backend: { service: { name: sampleName, port: { number: 80 } } },
                },
              ],
            },
          },
        ],
      },
    },
  };
}
