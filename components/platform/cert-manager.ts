import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { charts } from "../charts";
import { installChart } from "../kit/chart";
import { Component } from "../kit/component";
import { Namespace } from "../kit/namespace";
import { apiServerPorts, fromAnywhere, networkPolicy, toAnywhere } from "../kit/network-policy";
import { everyChart } from "../kit/object-transforms";
import { customResourceDefinitionType, retainTypes } from "../kit/retention";
import { sampleName, ServedApi } from "../kit/served-api";
import {
  certManagerProbes,
  certManagerValues,
  namespaceName,
  podLabels,
  type CertManagerValuesArgs,
} from "./cert-manager-values";
import { certificate } from "./certificate";
import { CertificateAuthority } from "./certificate-authority";
import type { ControllerEnvironment } from "./controller";

/** The port the webhook listens on; the chart's default. */
const webhookPort = 10250;

/** The name of the stack's own certificate authority. */
const authorityName = "slipway-ca";

/** What other components need of cert-manager. */
export interface Certificates {
  /** The ClusterIssuer that signs certificates for use inside the cluster. */
  readonly clusterIssuer: string;
  /** What a Certificate depends on, so that its API is served and its issuer can sign. */
  readonly ready: readonly pulumi.Resource[];
}

export interface CertManagerArgs extends CertManagerValuesArgs {
  /** What all controllers of the stack share. */
  readonly environment: ControllerEnvironment;
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
    const api = new ServedApi(
      `${name}-api`,
      {
        server: "cert-manager",
        installed: chart,
        samples: [certificateSample],
        api: args.environment.api,
      },
      { parent: this },
    );
    const authority = new CertificateAuthority(
      `${name}-authority`,
      { name: authorityName, namespace: namespaceName },
      { parent: this, dependsOn: [chart, api] },
    );

    this.clusterIssuer = authorityName;
    this.ready = [chart, api, authority.issuer];
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
  }
}

/** As a consumer would make one. */
export const certificateSample = {
  path: `/apis/cert-manager.io/v1/namespaces/${namespaceName}/certificates`,
  body: certificate(sampleName, namespaceName, {
    secretName: sampleName,
    dnsNames: ["example.com"],
    privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
    issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: authorityName },
  }),
};
