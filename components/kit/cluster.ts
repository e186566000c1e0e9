import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

export interface ClusterArgs {
  /** The context of the kubeconfig that reaches the cluster. */
  readonly context: string;
  /** The uid of the cluster's `kube-system` namespace, which no two clusters share. */
  readonly identity: string;
}

/**
 * Makes the one provider that every object goes through, and refuses any cluster but the named one.
 *
 * The identity is asked through that provider, so what is checked is what would be changed, whatever
 * the kubeconfig says by then. Nothing else is registered before the answer.
 * @throws `pulumi.RunError` when the context leads to another cluster, with both identities.
 * @see https://github.com/pulumi/pulumi-kubernetes/issues/1148 for what an unidentified cluster costs
 */
export async function connectCluster(
  name: string,
  args: ClusterArgs,
): Promise<kubernetes.Provider> {
  const provider = new kubernetes.Provider(name, providerArgs(args));
  const found = await uidOf(
    kubernetes.core.v1.Namespace.get(`${name}-identity`, "kube-system", { provider }),
  );
  if (found !== args.identity) {
    throw new pulumi.RunError(
      `The context "${args.context}" leads to the cluster ${found}, but slipway:cluster.identity names ` +
        `${args.identity}. Nothing was changed. Choose the context of that cluster, or correct the identity ` +
        `(kubectl --context ${args.context} get namespace kube-system -o jsonpath={.metadata.uid}).`,
    );
  }
  return provider;
}

/**
 * The provider of what outlives its stack, on the cluster that `connectCluster` let pass: where it is to
 * create an object that is there already, it updates the object.
 */
export function retainedProvider(name: string, args: ClusterArgs): kubernetes.Provider {
  return new kubernetes.Provider(name, { ...providerArgs(args), upsertExistingObjects: true });
}

function providerArgs({ context, identity }: ClusterArgs): kubernetes.ProviderArgs {
  return {
    context,
    clusterIdentifier: identity,
    // Without these the provider replaces a ConfigMap or Secret whose data changes: under a fixed name it
    // is gone for a moment, and one that is protected stops the whole update.
    enableConfigMapMutable: true,
    enableSecretMutable: true,
  };
}

function uidOf(namespace: kubernetes.core.v1.Namespace): Promise<string> {
  return new Promise((resolve) => {
    namespace.metadata.uid.apply((uid) => {
      resolve(uid);
    });
  });
}
