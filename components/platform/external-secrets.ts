import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { charts } from "../charts";
import { installChart } from "../kit/chart";
import { Component } from "../kit/component";
import { Namespace } from "../kit/namespace";
import { apiServerPorts, fromAnywhere, networkPolicy, toAnywhere } from "../kit/network-policy";
import { everyChart } from "../kit/object-transforms";
import { customResourceDefinitionType, retainTypes, type Retention } from "../kit/retention";
import type { CarriedPullSecrets } from "../kit/stack-images";
import { sampleName, ServedApi } from "../kit/served-api";
import type { SecretStoreSettings } from "../settings/secret-stores";
import type { ControllerEnvironment } from "./controller";
import { ClusterSecretStores } from "./cluster-secret-stores";
import { externalSecretsValues, type ExternalSecretsValuesArgs } from "./external-secrets-values";
import { PullSecrets } from "./pull-secrets";
import { externalSecretsNamespace, storePorts } from "./secret-store-spec";

const namespaceName = externalSecretsNamespace;

/** The port the webhook listens on; the chart's default. */
const webhookPort = 10250;

/** What other components need of External Secrets. */
export interface SecretStores {
  /** What a SecretStore or an ExternalSecret depends on, so that its API is served. */
  readonly ready: readonly pulumi.Resource[];
  /** The ClusterSecretStores, by name, with what an ExternalSecret that reads one depends on. */
  readonly stores: Readonly<Record<string, readonly pulumi.Resource[]>>;
}

export interface ExternalSecretsArgs extends ExternalSecretsValuesArgs {
  /** Where secrets are kept that applications read, by the name that they use for it. */
  readonly stores: Readonly<Record<string, SecretStoreSettings>>;
  /**
   * The image pull Secrets that it carries into every namespace of the stack.
   * @default - none
   */
  readonly pullSecrets?: CarriedPullSecrets;
  /** What all controllers of the stack share. */
  readonly environment: ControllerEnvironment;
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
  readonly stores: SecretStores["stores"];

  constructor(name: string, args: ExternalSecretsArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("platform", "ExternalSecrets", name, opts);

    const namespace = new Namespace(
      `${name}-namespace`,
      { name: namespaceName, podSecurity: "restricted" },
      { parent: this },
    );
    allowTraffic(this);
    const chart = installExternalSecrets(this);
    const api = new ServedApi(
      `${name}-api`,
      {
        server: "External Secrets",
        installed: chart,
        samples: externalSecretsSamples,
        api: args.environment.api,
      },
      { parent: this },
    );
    const { stores } = new ClusterSecretStores(
      `${name}-stores`,
      { stores: args.stores, pullSecretStore: args.pullSecrets?.store, after: [chart, api] },
      { parent: this },
    );
    carryPullSecrets(this);

    this.ready = [chart, api];
    this.stores = Object.fromEntries(
      Object.entries(stores).map(([store, resource]) => [store, [resource]]),
    );
    this.registerOutputs({});

    function carryPullSecrets(parent: ExternalSecrets): void {
      if (args.pullSecrets !== undefined) {
        const store = stores[args.pullSecrets.store];
        new PullSecrets(
          `${name}-pull-secrets`,
          { ...args.pullSecrets, after: [chart, api, ...(store === undefined ? [] : [store])] },
          { parent },
        );
      }
    }

    function allowTraffic(parent: ExternalSecrets): void {
      new kubernetes.networking.v1.NetworkPolicy(
        `${name}-allow-api-server`,
        {
          metadata: { name: "allow-api-server", namespace: namespaceName },
          spec: networkPolicy({
            pods: {},
            // The clouds' own stores answer on 443 too.
            egress: [toAnywhere([...apiServerPorts, ...storePorts(args.stores)])],
          }),
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

const samples = `/apis/external-secrets.io/v1/namespaces/${namespaceName}`;
const sampleMetadata = { name: sampleName, namespace: namespaceName };

/** A store and an ExternalSecret: each has a webhook configuration of its own. */
export const externalSecretsSamples = [
  {
    path: `${samples}/secretstores`,
    body: {
      apiVersion: "external-secrets.io/v1",
      kind: "SecretStore",
      metadata: sampleMetadata,
      spec: { provider: { fake: { data: [{ key: sampleName, value: "nothing" }] } } },
    },
  },
  {
    path: `${samples}/externalsecrets`,
    body: {
      apiVersion: "external-secrets.io/v1",
      kind: "ExternalSecret",
      metadata: sampleMetadata,
      spec: {
        secretStoreRef: { kind: "SecretStore", name: sampleName },
        data: [{ secretKey: "key", remoteRef: { key: sampleName } }],
      },
    },
  },
];
