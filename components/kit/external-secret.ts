import type * as kubernetes from "@pulumi/kubernetes";

/** Where one value of an ExternalSecret comes from. */
export interface RemoteValue {
  /** The Secret in the store. */
  readonly key: string;
  /** Its property. */
  readonly property: string;
}

export interface ExternalSecretArgs {
  /** Its name, and that of the Secret it writes. */
  readonly name: string;
  /** The namespace. */
  readonly namespace: string;
  /**
   * The labels.
   * @default - none
   */
  readonly labels?: Readonly<Record<string, string>>;
  /** The store that is read: one of the namespace, or one of the cluster. */
  readonly store: {
    readonly kind: "SecretStore" | "ClusterSecretStore";
    readonly name: string;
  };
  /** What is read, by the keys under which the template, or the Secret, has it. */
  readonly data: Readonly<Record<string, RemoteValue>>;
  /**
   * Further keys of the Secret, made of what is read by External Secrets' templates.
   * @default - the Secret holds what is read
   * @see https://external-secrets.io/latest/guides/templating/
   */
  readonly template?: Readonly<Record<string, string>>;
}

/** An ExternalSecret that is awaited: its Secret is there for whoever depends on it. */
export function externalSecret(
  args: ExternalSecretArgs,
): kubernetes.apiextensions.CustomResourceArgs {
  const { name, namespace, labels } = args;
  return {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: {
      name,
      namespace,
      ...(labels === undefined ? {} : { labels: { ...labels } }),
      annotations: { "pulumi.com/waitFor": "condition=Ready" },
    },
    spec: externalSecretSpec(args),
  };
}

/** The spec of an ExternalSecret that reads exactly what is named. */
export function externalSecretSpec({
  name,
  store,
  data,
  template,
}: Pick<ExternalSecretArgs, "name" | "store" | "data" | "template">): Readonly<
  Record<string, unknown>
> {
  return {
    refreshInterval: "1h",
    secretStoreRef: { kind: store.kind, name: store.name },
    target: {
      name,
      creationPolicy: "Owner",
      ...(template && { template: { mergePolicy: "Merge", data: { ...template } } }),
    },
    data: Object.entries(data).map(([secretKey, { key, property }]) => ({
      secretKey,
      remoteRef: { key, property },
    })),
  };
}

export interface NamespaceStoreArgs {
  /** The namespace of the store. */
  readonly namespace: string;
  /**
   * The labels.
   * @default - none
   */
  readonly labels?: Readonly<Record<string, string>>;
  /** The namespace that is read; the store is called like it. */
  readonly remoteNamespace: string;
  /** The ServiceAccount by whose rights it is read. */
  readonly account: string;
}

/**
 * A SecretStore that reads one namespace of the same cluster.
 * @see https://external-secrets.io/latest/provider/kubernetes/
 */
export function namespaceStore({
  namespace,
  labels,
  remoteNamespace,
  account,
}: NamespaceStoreArgs): kubernetes.apiextensions.CustomResourceArgs {
  return {
    apiVersion: "external-secrets.io/v1",
    kind: "SecretStore",
    metadata: {
      name: remoteNamespace,
      namespace,
      ...(labels === undefined ? {} : { labels: { ...labels } }),
    },
    spec: {
      provider: {
        kubernetes: {
          remoteNamespace,
          // Every namespace holds the cluster's certificate in this ConfigMap.
          server: { caProvider: { type: "ConfigMap", name: "kube-root-ca.crt", key: "ca.crt" } },
          auth: { serviceAccount: { name: account } },
        },
      },
    },
  };
}

/** How long External Secrets may take for a Secret. */
export const externalSecretTimeouts = { create: "5m", update: "5m" } as const;
