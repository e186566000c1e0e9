import { pullSecretsLabel } from "../kit/stack-images";
import type { SecretStoreSettings } from "../settings/secret-stores";

/** The namespace of External Secrets, and of the Secrets that open its stores. */
export const externalSecretsNamespace = "external-secrets";

/** The ServiceAccount of External Secrets; the chart names it like its release. */
const controllerAccount = { name: "external-secrets", namespace: externalSecretsNamespace };

type Fields = Readonly<Record<string, unknown>>;

/** The name of the ServiceAccount by which a store of the kubernetes kind reads. */
export function storeAccount(store: string): string {
  return `store-${store}`;
}

/**
 * The spec of a ClusterSecretStore. Who may use it is said by namespace: without that, anybody who may
 * make an ExternalSecret anywhere could read whatever the store may.
 * @see https://external-secrets.io/latest/api/clustersecretstore/
 */
export function secretStoreSpec(
  name: string,
  store: SecretStoreSettings,
  hasPullSecrets = false,
): Fields {
  return {
    conditions: [
      store.namespaces === undefined
        ? { namespaceSelector: { matchLabels: { "app.kubernetes.io/managed-by": "pulumi" } } }
        : { namespaces: [...store.namespaces] },
      ...(hasPullSecrets ? [{ namespaceSelector: { matchLabels: { ...pullSecretsLabel } } }] : []),
    ],
    provider: provider(name, store),
  };
}

function provider(name: string, store: SecretStoreSettings): Fields {
  switch (store.kind) {
    case "vault":
      return {
        vault: {
          server: store.server,
          path: store.path,
          version: store.version,
          auth: vaultAuth(store.auth),
        },
      };
    case "aws":
      return {
        aws: {
          service: store.service,
          region: store.region,
          ...(store.role === undefined ? {} : { role: store.role }),
          ...(store.accessKey === undefined
            ? {}
            : {
                auth: {
                  secretRef: {
                    accessKeyIDSecretRef: reference(store.accessKey.id),
                    secretAccessKeySecretRef: reference(store.accessKey.secret),
                  },
                },
              }),
        },
      };
    case "gcp":
      return {
        gcpsm: {
          projectID: store.project,
          ...(store.serviceAccountKey === undefined
            ? {}
            : {
                auth: {
                  secretRef: { secretAccessKeySecretRef: reference(store.serviceAccountKey) },
                },
              }),
        },
      };
    case "azure":
      return { azurekv: { vaultUrl: store.vaultUrl, ...azureAuth(store.servicePrincipal) } };
    case "kubernetes":
      return {
        kubernetes: {
          remoteNamespace: store.namespace,
          server: {
            caProvider: {
              type: "ConfigMap",
              name: "kube-root-ca.crt",
              key: "ca.crt",
              namespace: externalSecretsNamespace,
            },
          },
          auth: {
            serviceAccount: { name: storeAccount(name), namespace: externalSecretsNamespace },
          },
        },
      };
  }
}

type VaultAuth = Extract<SecretStoreSettings, { kind: "vault" }>["auth"];

function vaultAuth(auth: VaultAuth): Fields {
  switch (auth.kind) {
    case "kubernetes":
      return {
        kubernetes: {
          mountPath: auth.mountPath,
          role: auth.role,
          serviceAccountRef: controllerAccount,
        },
      };
    case "appRole":
      return {
        appRole: {
          path: auth.mountPath,
          roleId: auth.roleId,
          secretRef: reference(auth.secretId),
        },
      };
  }
}

type ServicePrincipal = Extract<SecretStoreSettings, { kind: "azure" }>["servicePrincipal"];

function azureAuth(principal: ServicePrincipal): Fields {
  return principal === undefined
    ? { authType: "WorkloadIdentity", serviceAccountRef: controllerAccount }
    : {
        authType: "ServicePrincipal",
        tenantId: principal.tenantId,
        authSecretRef: {
          clientId: reference(principal.clientId),
          clientSecret: reference(principal.clientSecret),
        },
      };
}

function reference({ secret, key }: { readonly secret: string; readonly key: string }): Fields {
  return { name: secret, namespace: externalSecretsNamespace, key };
}

/** The TCP ports at which the stores answer, beside 443. */
export function storePorts(
  stores: Readonly<Record<string, SecretStoreSettings>>,
): readonly number[] {
  const addresses = Object.values(stores).flatMap((store) =>
    store.kind === "vault" ? [store.server] : store.kind === "azure" ? [store.vaultUrl] : [],
  );
  const ports = addresses.map((address) => Number(new URL(address).port || "443"));
  return [...new Set(ports)].filter((port) => port !== 443);
}
