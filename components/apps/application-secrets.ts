import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../kit/component";
import {
  externalSecret,
  externalSecretTimeouts,
  namespaceStore,
  type ExternalSecretArgs,
} from "../kit/external-secret";
import type { Place } from "../kit/namespace";
import type { CarriedSecret } from "./connect";

export interface ApplicationSecretsArgs {
  /** The application's namespace. */
  readonly namespace: Place;
  /** The labels of what belongs to the application as a whole. */
  readonly labels: Readonly<Record<string, string>>;
  /** The Secrets that its services read, and where they are kept. */
  readonly secrets: readonly CarriedSecret[];
  /** What has to be ready before a SecretStore can be made. */
  readonly after: readonly pulumi.Resource[];
}

/** The ServiceAccount by which External Secrets reads; the data room lets it read this application's Secrets. */
export const reader = "secret-reader";

/**
 * Carries the Secrets of an application from the namespaces of the data services, and from the stack's
 * stores, into its own: one SecretStore for each namespace that holds some, one ExternalSecret for each
 * service and connection.
 *
 * They are not `deletedWith` the namespace: External Secrets has to take its finalizers off while it
 * still runs.
 * @see https://external-secrets.io/latest/provider/kubernetes/
 */
export class ApplicationSecrets extends Component {
  private readonly carried: ReadonlyMap<string, pulumi.Resource>;

  constructor(
    name: string,
    args: ApplicationSecretsArgs,
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    super("apps", "ApplicationSecrets", name, opts);
    const inNamespace = { namespace: args.namespace.name, labels: { ...args.labels } };

    const account = createReader(this);
    this.carried = carrySecrets(this);
    this.registerOutputs({});

    function createReader(parent: ApplicationSecrets): kubernetes.core.v1.ServiceAccount {
      return new kubernetes.core.v1.ServiceAccount(
        `${name}-reader`,
        { metadata: { name: reader, ...inNamespace }, automountServiceAccountToken: false },
        { parent, dependsOn: [...args.namespace.ready] },
      );
    }

    function carrySecrets(parent: ApplicationSecrets): ReadonlyMap<string, pulumi.Resource> {
      const carried = new Map<string, pulumi.Resource>();
      const stores = new Map<string, pulumi.Resource>();
      for (const secret of args.secrets) {
        const { remote, connection } = secret;
        if ("store" in remote) {
          const after = [...args.namespace.ready, ...connection.ready];
          carried.set(secret.name, createExternalSecret(parent, secret, after));
        } else {
          const holder = remote.namespace;
          const store = stores.get(holder) ?? createStore(parent, holder, heldIn(holder));
          stores.set(holder, store);
          carried.set(secret.name, createExternalSecret(parent, secret, [store]));
        }
      }
      return carried;
    }

    function heldIn(holder: string): readonly CarriedSecret[] {
      return args.secrets.filter(
        ({ remote }) => "namespace" in remote && remote.namespace === holder,
      );
    }

    /** A store that may not read yet is tried again only after minutes, so access comes first. */
    function createStore(
      parent: ApplicationSecrets,
      holder: string,
      held: readonly CarriedSecret[],
    ): pulumi.Resource {
      return new kubernetes.apiextensions.CustomResource(
        `${name}-store-${holder}`,
        namespaceStore({ ...inNamespace, remoteNamespace: holder, account: reader }),
        {
          parent,
          dependsOn: [
            account,
            ...args.after,
            ...new Set(held.flatMap(({ connection }) => connection.ready)),
          ],
        },
      );
    }

    function createExternalSecret(
      parent: ApplicationSecrets,
      secret: CarriedSecret,
      after: readonly pulumi.Resource[],
    ): pulumi.Resource {
      const { name: target, remote } = secret;
      return new kubernetes.apiextensions.CustomResource(
        `${name}-${target}`,
        externalSecret({ name: target, ...inNamespace, ...readFrom(remote) }),
        { parent, dependsOn: [...after], customTimeouts: externalSecretTimeouts },
      );
    }
  }

  /** The ExternalSecrets of some Secrets: each is ready when its Secret is there. */
  ready(secrets: readonly CarriedSecret[]): readonly pulumi.Resource[] {
    return secrets.flatMap(({ name }) => this.carried.get(name) ?? []);
  }
}

/** Which store an ExternalSecret reads, and exactly the keys that are read. */
function readFrom(remote: CarriedSecret["remote"]): Pick<ExternalSecretArgs, "store" | "data"> {
  const isStored = "store" in remote;
  return {
    store: isStored
      ? { kind: "ClusterSecretStore", name: remote.store }
      : { kind: "SecretStore", name: remote.namespace },
    data: Object.fromEntries(
      remote.keys.map((key) => [
        key,
        isStored
          ? { key: remote.name, property: remote.properties[key] ?? key }
          : { key: remote.elsewhere?.[key] ?? remote.name, property: key },
      ]),
    ),
  };
}
