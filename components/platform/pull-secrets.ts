import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../kit/component";
import { externalSecretSpec } from "../kit/external-secret";
import { pullSecretsLabel, type CarriedPullSecrets } from "../kit/stack-images";
import { externalSecretsNamespace } from "./secret-store-spec";

export interface PullSecretsArgs extends CarriedPullSecrets {
  /** What has to be there before they can be carried: the API of External Secrets, and the store. */
  readonly after: readonly pulumi.Resource[];
}

/**
 * Carries image pull Secrets into every namespace of the stack, and into each that is added later. A pod
 * that starts before its Secret is there is pulled again by the kubelet.
 */
export class PullSecrets extends Component {
  constructor(name: string, args: PullSecretsArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("platform", "PullSecrets", name, opts);

    for (const secret of args.names) {
      new kubernetes.apiextensions.CustomResource(
        `${name}-${secret}`,
        {
          apiVersion: "external-secrets.io/v1",
          kind: "ClusterExternalSecret",
          metadata: { name: secret },
          spec: pullSecretSpec(secret, args),
        },
        { parent: this, dependsOn: [...args.after] },
      );
    }
    this.registerOutputs({});
  }
}

/**
 * One Secret in many namespaces, all of the stack's but the one of External Secrets: what its own pods need
 * cannot wait for it.
 * @see https://external-secrets.io/latest/api/clusterexternalsecret/
 */
export function pullSecretSpec(
  name: string,
  { store, secrets, property }: CarriedPullSecrets,
): Readonly<Record<string, unknown>> {
  const { target, ...spec } = externalSecretSpec({
    name,
    store: { kind: "ClusterSecretStore", name: store },
    data: { [configKey]: { key: secrets[name] ?? name, property } },
  });
  return {
    externalSecretName: name,
    namespaceSelectors: [
      {
        matchLabels: { ...pullSecretsLabel },
        matchExpressions: [
          {
            key: "kubernetes.io/metadata.name",
            operator: "NotIn",
            values: [externalSecretsNamespace],
          },
        ],
      },
    ],
    refreshTime: "1m",
    externalSecretSpec: {
      ...spec,
      target: { ...(target as object), template: { type: "kubernetes.io/dockerconfigjson" } },
    },
  };
}

/**
 * The one key of a Secret of its type.
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/
 */
const configKey = ".dockerconfigjson";
