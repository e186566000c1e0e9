import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { charts } from "../charts";
import { installChart, type ChartEnvironment } from "../kit/chart";
import { Component } from "../kit/component";
import { Namespace } from "../kit/namespace";
import { apiServerPorts, fromAnywhere, networkPolicy, toAnywhere } from "../kit/network-policy";
import { everyChart } from "../kit/object-transforms";
import { customResourceDefinitionType, retainTypes, type Retention } from "../kit/retention";
import { externalSecretsValues } from "./external-secrets-values";

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
