import type * as kubernetes from "@pulumi/kubernetes";

/** What cert-manager needs to know of a certificate. */
export interface CertificateSpec {
  /** The Secret it is written to, as `tls.crt`, `tls.key` and `ca.crt`. */
  readonly secretName: string;
  /** The private key; elliptic keys are small and quick, and every client of the stack reads them. */
  readonly privateKey: {
    readonly algorithm: "ECDSA";
    readonly size: 256;
    readonly rotationPolicy: "Always" | "Never";
  };
  /** Who signs it. */
  readonly issuerRef: {
    readonly group: "cert-manager.io";
    readonly kind: "ClusterIssuer";
    readonly name: string;
  };
  /**
   * Whether it signs others.
   * @default false
   */
  readonly isCA?: boolean;
  /**
   * Its subject.
   * @default - none; the names are what counts
   */
  readonly commonName?: string;
  /**
   * The host names it is valid for.
   * @default - none
   */
  readonly dnsNames?: readonly string[];
  /**
   * What its key may be used for.
   * @default - digital signature and key encipherment
   */
  readonly usages?: readonly ("digital signature" | "server auth" | "client auth")[];
  /**
   * How long it is valid, in hours: `"2160h"`.
   * @default "2160h"
   */
  readonly duration?: `${number}h`;
  /**
   * How long before its end it is renewed, in hours: `"720h"`.
   * @default - a third of its duration
   */
  readonly renewBefore?: `${number}h`;
}

/** A Certificate that is awaited: its Secret is there for whoever depends on it. */
export function certificate(
  name: string,
  namespace: string,
  spec: CertificateSpec,
): kubernetes.apiextensions.CustomResourceArgs {
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: { name, namespace, annotations: whenReady },
    spec,
  };
}

/** What a ClusterIssuer signs with: nothing but the key it is asked to sign, or an authority's key. */
export type ClusterIssuerSpec =
  | { readonly selfSigned: Readonly<Record<string, never>> }
  | { readonly ca: { readonly secretName: string } };

/** A ClusterIssuer that is awaited: it can sign for whoever depends on it. */
export function clusterIssuer(
  name: string,
  spec: ClusterIssuerSpec,
): kubernetes.apiextensions.CustomResourceArgs {
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "ClusterIssuer",
    metadata: { name, annotations: whenReady },
    spec,
  };
}

const whenReady = { "pulumi.com/waitFor": "condition=Ready" } as const;
