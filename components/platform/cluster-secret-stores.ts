import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../kit/component";
import type { SecretStoreSettings } from "../settings/secret-stores";
import { externalSecretsNamespace, secretStoreSpec, storeAccount } from "./secret-store-spec";

export interface ClusterSecretStoresArgs {
  /** The stores, by the name that applications use. */
  readonly stores: Readonly<Record<string, SecretStoreSettings>>;
  /**
   * The one that has image pull Secrets, which every namespace of the stack reads.
   * @default - none has
   */
  readonly pullSecretStore?: string;
  /** What has to be ready before one can be made. */
  readonly after: readonly pulumi.Resource[];
}

/**
 * The ClusterSecretStores of the stack. Each is awaited: that a store cannot be read is known here, and
 * not from an application that waits for its Secret.
 */
export class ClusterSecretStores extends Component {
  /** The stores, by name; an ExternalSecret depends on the one it reads. */
  readonly stores: Readonly<Record<string, pulumi.Resource>>;

  constructor(
    name: string,
    args: ClusterSecretStoresArgs,
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    super("platform", "ClusterSecretStores", name, opts);

    this.stores = Object.fromEntries(
      Object.entries(args.stores).map(([store, settings]) => [
        store,
        createStore(this, store, settings),
      ]),
    );
    this.registerOutputs({});

    function createStore(
      parent: ClusterSecretStores,
      store: string,
      settings: SecretStoreSettings,
    ): pulumi.Resource {
      const access = settings.kind === "kubernetes" ? grantAccess(parent, store, settings) : [];
      return new kubernetes.apiextensions.CustomResource(
        `${name}-${store}`,
        {
          apiVersion: "external-secrets.io/v1",
          kind: "ClusterSecretStore",
          metadata: { name: store, annotations: { "pulumi.com/waitFor": "condition=Ready" } },
          spec: secretStoreSpec(store, settings, store === args.pullSecretStore),
        },
        { parent, dependsOn: [...args.after, ...access], customTimeouts: { create: "5m" } },
      );
    }

    /** A store that may not read yet is tried again only after minutes, so access comes first. */
    function grantAccess(
      parent: ClusterSecretStores,
      store: string,
      { namespace, secrets }: Extract<SecretStoreSettings, { kind: "kubernetes" }>,
    ): readonly pulumi.Resource[] {
      const account = new kubernetes.core.v1.ServiceAccount(
        `${name}-${store}-account`,
        {
          metadata: { name: storeAccount(store), namespace: externalSecretsNamespace },
          automountServiceAccountToken: false,
        },
        { parent, dependsOn: [...args.after] },
      );
      const metadata = { name: `external-secrets-${store}`, namespace };
      const role = new kubernetes.rbac.v1.Role(
        `${name}-${store}-role`,
        {
          metadata,
          rules: [
            {
              apiGroups: [""],
              resources: ["secrets"],
              resourceNames: [...secrets],
              verbs: ["get"],
            },
          ],
        },
        { parent },
      );
      const binding = new kubernetes.rbac.v1.RoleBinding(
        `${name}-${store}-role-binding`,
        {
          metadata,
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: metadata.name },
          subjects: [
            {
              kind: "ServiceAccount",
              name: storeAccount(store),
              namespace: externalSecretsNamespace,
            },
          ],
        },
        { parent, dependsOn: [role] },
      );
      return [account, role, binding];
    }
  }
}
