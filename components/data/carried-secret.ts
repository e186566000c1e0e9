import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../kit/component";
import type { RemoteSecret } from "../kit/connection";
import {
  externalSecret,
  externalSecretTimeouts,
  namespaceStore,
  type ExternalSecretArgs,
} from "../kit/external-secret";
import { reader } from "./secret-access";

export interface CarriedSecretArgs extends Pick<ExternalSecretArgs, "template"> {
  /** The name of the Secret that is written. */
  readonly name: string;
  /** The namespace that it is written to. */
  readonly namespace: string;
  /** The Secret that is read, and its keys. */
  readonly remote: RemoteSecret;
  /** What has to be there before it can be read: the API of External Secrets, and the right to read. */
  readonly after: readonly pulumi.Resource[];
}

/**
 * Some keys of a data service's Secret, carried by External Secrets to where another data service, or the
 * same one without its other keys, reads them.
 */
export class CarriedSecret extends Component {
  /** What depends on the Secret depends on this. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: CarriedSecretArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("data", "CarriedSecret", name, opts);
    const { namespace, remote } = args;

    const account = new kubernetes.core.v1.ServiceAccount(
      `${name}-reader`,
      { metadata: { name: reader, namespace }, automountServiceAccountToken: false },
      { parent: this, dependsOn: opts.dependsOn },
    );
    const store = new kubernetes.apiextensions.CustomResource(
      `${name}-store`,
      namespaceStore({ namespace, remoteNamespace: remote.namespace, account: reader }),
      { parent: this, dependsOn: [account, ...args.after] },
    );
    const secret = new kubernetes.apiextensions.CustomResource(
      `${name}-secret`,
      externalSecret({
        name: args.name,
        namespace,
        store: { kind: "SecretStore", name: remote.namespace },
        data: Object.fromEntries(
          remote.keys.map((key) => [
            key,
            { key: remote.elsewhere?.[key] ?? remote.name, property: key },
          ]),
        ),
        template: args.template,
      }),
      { parent: this, dependsOn: [store], customTimeouts: externalSecretTimeouts },
    );

    this.ready = [secret];
    this.registerOutputs({});
  }
}
