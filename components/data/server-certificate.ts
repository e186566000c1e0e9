import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../kit/component";
import type { Certificates, SecretStores } from "../platform";
import { certificate } from "../platform/certificate";
import { CarriedSecret } from "./carried-secret";
import { SecretAccess } from "./secret-access";

/** The key of a Secret that holds the certificate of an authority. */
export const authorityKey = "ca.crt";

export interface ServerCertificateArgs {
  /** The name of the certificate and its Secret. */
  readonly name: string;
  /** The namespace. */
  readonly namespace: string;
  /** The host names by which clients know the servers. */
  readonly dnsNames: readonly string[];
  /** The Secret with the certificate of the authority alone, which clients may read. */
  readonly authority: string;
  /** Who signs it. */
  readonly certificates: Certificates;
  /** What carries the authority's certificate. */
  readonly secretStores: SecretStores;
}

/**
 * The certificate that the servers of a data service show to clients, and a Secret with that of its
 * authority and nothing else: whoever may read the servers' own Secret could pass for a server.
 */
export class ServerCertificate extends Component {
  /** What the servers, and whoever reads the authority's Secret, depend on. */
  readonly ready: readonly pulumi.Resource[];

  constructor(
    name: string,
    args: ServerCertificateArgs,
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    super("data", "ServerCertificate", name, opts);
    const { namespace, certificates, secretStores } = args;

    const issued = new kubernetes.apiextensions.CustomResource(
      `${name}-certificate`,
      certificate(args.name, namespace, {
        secretName: args.name,
        dnsNames: args.dnsNames,
        usages: ["digital signature", "server auth"],
        privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
        issuerRef: {
          group: "cert-manager.io",
          kind: "ClusterIssuer",
          name: certificates.clusterIssuer,
        },
      }),
      pulumi.mergeOptions(
        { parent: this, dependsOn: [...certificates.ready] },
        { dependsOn: opts.dependsOn },
      ),
    );
    const access = new SecretAccess(
      `${name}-access`,
      {
        namespace,
        application: args.authority,
        applicationNamespace: namespace,
        secretNames: [args.name],
      },
      { parent: this, dependsOn: opts.dependsOn },
    );
    const authority = new CarriedSecret(
      `${name}-authority`,
      {
        name: args.authority,
        namespace,
        remote: { namespace, name: args.name, keys: [authorityKey] },
        after: [issued, ...access.ready, ...secretStores.ready],
      },
      { parent: this, dependsOn: opts.dependsOn },
    );

    this.ready = [issued, ...authority.ready];
    this.registerOutputs({});
  }
}
