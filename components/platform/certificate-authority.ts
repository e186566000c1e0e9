import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../kit/component";
import { certificate, clusterIssuer } from "./certificate";

export interface CertificateAuthorityArgs {
  /** The authority's name: that of its issuer, its certificate and its Secret. */
  readonly name: string;
  /** The namespace in which cert-manager looks for the Secrets of ClusterIssuers. */
  readonly namespace: string;
}

/**
 * A certificate authority of the stack's own: a certificate that signs itself, and the ClusterIssuer
 * that signs others with it.
 */
export class CertificateAuthority extends Component {
  /** The ClusterIssuer; what it is to sign depends on it. */
  readonly issuer: kubernetes.apiextensions.CustomResource;

  constructor(
    name: string,
    args: CertificateAuthorityArgs,
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    super("platform", "CertificateAuthority", name, opts);
    const selfSignedName = `${args.name}-self-signed`;

    const selfSigned = new kubernetes.apiextensions.CustomResource(
      `${name}-self-signed`,
      clusterIssuer(selfSignedName, { selfSigned: {} }),
      { parent: this, dependsOn: opts.dependsOn },
    );
    const root = new kubernetes.apiextensions.CustomResource(
      `${name}-certificate`,
      certificate(args.name, args.namespace, {
        isCA: true,
        commonName: args.name,
        secretName: args.name,
        // Ten years, renewed a year before with the same key: what was signed stays trusted.
        duration: "87600h",
        renewBefore: "8760h",
        privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Never" },
        issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: selfSignedName },
      }),
      { parent: this, dependsOn: [selfSigned] },
    );
    this.issuer = new kubernetes.apiextensions.CustomResource(
      `${name}-issuer`,
      clusterIssuer(args.name, { ca: { secretName: args.name } }),
      { parent: this, dependsOn: [root] },
    );
    this.registerOutputs({});
  }
}
