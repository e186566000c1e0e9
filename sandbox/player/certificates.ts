import type { Action } from "./action";
import { sameConditions, withTransitionTimes } from "./conditions";
import { parseGoDuration } from "./go-duration";
import { readyIssuer, signerOf } from "./issuers";
import {
  type Condition,
  controllerReference,
  decode,
  encode,
  type KubernetesObject,
  type Secret,
} from "./objects";
import { type Deployment, runningOperator } from "./operators";
import { requestedFailure } from "./requested-failure";
import type { World } from "./world";
import { issueCertificate, validityOf } from "./x509";

/** cert-manager's default: 90 days. */
const defaultDuration = 90 * 24 * 3_600_000;

/** A Certificate of cert-manager, as far as it is played. */
export interface Certificate extends KubernetesObject {
  /** What is wanted. */
  readonly spec: {
    readonly secretName: string;
    readonly issuerRef: { readonly name: string; readonly kind?: string; readonly group?: string };
    readonly commonName?: string;
    readonly dnsNames?: readonly string[];
    readonly ipAddresses?: readonly string[];
    readonly duration?: string;
    readonly isCA?: boolean;
    readonly subject?: { readonly organizations?: readonly string[] };
    readonly privateKey?: { readonly algorithm?: "RSA" | "ECDSA" | "Ed25519" };
    readonly secretTemplate?: {
      readonly labels?: Readonly<Record<string, string>>;
      readonly annotations?: Readonly<Record<string, string>>;
    };
  };
  /** What was issued. */
  readonly status?: { readonly conditions?: readonly Condition[]; readonly revision?: number };
}

/** Issues each Certificate of a ready issuer into its Secret, then reports it ready. The certificates are real ones. */
export async function playCertificates(world: World, now: string): Promise<readonly Action[]> {
  const operator = runningOperator(world, "certManager");
  if (operator === undefined) {
    return [];
  }
  const played = world
    .list<Certificate>("Certificate")
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .filter(({ spec }) => (spec.issuerRef.group ?? "cert-manager.io") === "cert-manager.io")
    .map((certificate) => playCertificate(certificate, world, operator, now));
  return (await Promise.all(played)).flat();
}

async function playCertificate(
  certificate: Certificate,
  world: World,
  operator: Deployment,
  now: string,
): Promise<readonly Action[]> {
  const { metadata, spec } = certificate;
  const namespace = metadata.namespace ?? "";
  const failure = requestedFailure(certificate);
  if (failure !== undefined) {
    return report(
      certificate,
      { status: "False", reason: failure, message: "failed on request" },
      now,
    );
  }
  const secret = world.secret(namespace, spec.secretName);
  const issued = decode(secret)["tls.crt"];
  if (secret !== undefined && issued !== undefined && isUpToDate(secret, certificate)) {
    const { from, to } = validityOf(issued);
    return report(
      certificate,
      {
        status: "True",
        reason: "Ready",
        message: "Certificate is up to date and has not expired",
      },
      now,
      {
        notBefore: seconds(from),
        notAfter: seconds(to),
        // cert-manager renews after two thirds of the lifetime.
        renewalTime: seconds(new Date(from.getTime() + ((to.getTime() - from.getTime()) * 2) / 3)),
        revision: certificate.status?.revision ?? 1,
      },
    );
  }
  const issuer = readyIssuer(spec.issuerRef, namespace, world);
  if (issuer === undefined) {
    const message = `Issuing certificate as Secret does not exist; issuer "${spec.issuerRef.name}" is not ready`;
    return report(certificate, { status: "False", reason: "DoesNotExist", message }, now);
  }
  const start = new Date(now);
  const signer = signerOf(issuer, world, operator);
  const duration = parseGoDuration(spec.duration ?? "") ?? defaultDuration;
  const made = await issueCertificate(
    {
      commonName: spec.commonName,
      organizations: spec.subject?.organizations ?? [],
      dnsNames: spec.dnsNames ?? [],
      ipAddresses: spec.ipAddresses ?? [],
      isCA: spec.isCA ?? false,
      notBefore: start,
      notAfter: new Date(start.getTime() + duration),
    },
    spec.privateKey?.algorithm === "ECDSA" ? "ECDSA" : "RSA",
    signer,
  );
  const data = encode({
    "tls.crt": made.certificate,
    "tls.key": made.privateKey,
    "ca.crt": signer?.certificate ?? made.certificate,
  });
  const target: Secret = { ...secretOf(certificate, operator), data };
  return secret === undefined
    ? [{ do: "create", object: target }]
    : [{ do: "merge", object: secret, fields: { data, metadata: target.metadata } }];
}

function report(
  certificate: Certificate,
  ready: Pick<Condition, "status" | "reason" | "message">,
  now: string,
  more: object = {},
): readonly Action[] {
  const conditions = [
    { type: "Ready", observedGeneration: certificate.metadata.generation, ...ready },
  ];
  const present = certificate.status?.conditions;
  return sameConditions(conditions, present)
    ? []
    : [
        {
          do: "mergeStatus",
          object: certificate,
          fields: { ...more, conditions: withTransitionTimes(conditions, present, now) },
        },
      ];
}

/** The Secret of a Certificate, without its data. It outlives the Certificate unless the controller was told to own it. */
function secretOf(certificate: Certificate, operator: Deployment): Secret {
  const { metadata, spec } = certificate;
  const args =
    operator.spec?.template?.spec?.containers?.flatMap((container) => container.args ?? []) ?? [];
  const owned = args.includes("--enable-certificate-owner-ref=true");
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/tls",
    metadata: {
      name: spec.secretName,
      namespace: metadata.namespace,
      labels: {
        ...spec.secretTemplate?.labels,
        "controller.cert-manager.io/fao": "true",
      },
      annotations: { ...spec.secretTemplate?.annotations, ...identity(certificate) },
      ...(owned ? { ownerReferences: [controllerReference(certificate)] } : {}),
    },
  };
}

/** The annotations by which a Secret says which certificate is in it. */
function identity({ metadata, spec }: Certificate): Readonly<Record<string, string>> {
  return {
    "cert-manager.io/alt-names": (spec.dnsNames ?? []).join(","),
    "cert-manager.io/certificate-name": metadata.name,
    "cert-manager.io/common-name": spec.commonName ?? "",
    "cert-manager.io/ip-sans": (spec.ipAddresses ?? []).join(","),
    "cert-manager.io/issuer-group": "cert-manager.io",
    "cert-manager.io/issuer-kind": spec.issuerRef.kind ?? "Issuer",
    "cert-manager.io/issuer-name": spec.issuerRef.name,
    "cert-manager.io/uri-sans": "",
  };
}

function isUpToDate(secret: Secret, certificate: Certificate): boolean {
  return Object.entries(identity(certificate)).every(
    ([name, value]) => secret.metadata.annotations?.[name] === value,
  );
}

/** RFC 3339 without fractions, which is what Kubernetes' times have. */
function seconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}
