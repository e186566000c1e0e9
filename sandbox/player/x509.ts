import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from "node:crypto";
import { isIPv4 } from "node:net";
import { promisify } from "node:util";
import * as der from "./der";

/** What a certificate says. */
export interface CertificateRequest {
  /** The subject's common name. @default - the subject has none */
  readonly commonName?: string;
  /** The subject's organisations. */
  readonly organizations: readonly string[];
  /** Host names it is for. */
  readonly dnsNames: readonly string[];
  /** IPv4 addresses it is for. */
  readonly ipAddresses: readonly string[];
  /** Whether it may sign others. */
  readonly isCA: boolean;
  /** First moment of its validity. */
  readonly notBefore: Date;
  /** Last moment of its validity. */
  readonly notAfter: Date;
}

/** Who signs. */
export interface Signer {
  /** The signer's certificate, PEM. */
  readonly certificate: string;
  /** The signer's private key, PEM. */
  readonly privateKey: string;
}

/** A certificate and its key. */
export interface Issued {
  /** PEM. */
  readonly certificate: string;
  /** PEM. */
  readonly privateKey: string;
}

const makeKeyPair = promisify(generateKeyPair);

/**
 * Issues a certificate with a new key.
 * @param signer who signs. @default - the certificate's own key
 */
export async function issueCertificate(
  request: CertificateRequest,
  algorithm: "RSA" | "ECDSA",
  signer?: Signer,
): Promise<Issued> {
  const { privateKey, publicKey } =
    algorithm === "RSA"
      ? await makeKeyPair("rsa", { modulusLength: 2048 })
      : await makeKeyPair("ec", { namedCurve: "P-256" });
  const signingKey = signer === undefined ? privateKey : createPrivateKey(signer.privateKey);
  const subject = nameOf(request);
  const issuer = signer === undefined ? subject : subjectOf(signer.certificate);
  const method = signatureAlgorithm(signingKey);
  const content = der.sequence(
    der.explicit(0, der.integer(Buffer.of(2))),
    der.integer(serialNumber()),
    method,
    issuer,
    der.sequence(der.time(request.notBefore), der.time(request.notAfter)),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    der.explicit(3, der.sequence(...extensionsOf(request))),
  );
  const certificate = der.sequence(content, method, der.bits(sign("sha256", content, signingKey)));
  return {
    certificate: pem("CERTIFICATE", certificate),
    privateKey: exportKey(privateKey, algorithm),
  };
}

/** When a certificate begins and ends. */
export function validityOf(certificate: string): { readonly from: Date; readonly to: Date } {
  const { validFrom, validTo } = new X509Certificate(certificate);
  return { from: new Date(validFrom), to: new Date(validTo) };
}

/** The traditional encodings, which are what cert-manager writes unless it is told otherwise. */
function exportKey(key: KeyObject, algorithm: "RSA" | "ECDSA"): string {
  return key.export({ type: algorithm === "RSA" ? "pkcs1" : "sec1", format: "pem" }).toString();
}

/** Positive and at most 20 bytes (RFC 5280, 4.1.2.2). */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes;
}

function nameOf({ commonName, organizations }: CertificateRequest): Buffer {
  const attribute = (type: string, value: string): Buffer =>
    der.set(der.sequence(der.objectIdentifier(type), der.utf8(value)));
  return der.sequence(
    ...organizations.map((organization) => attribute("2.5.4.10", organization)),
    ...(commonName === undefined ? [] : [attribute("2.5.4.3", commonName)]),
  );
}

/**
 * The subject of a certificate as it stands in it: the sixth element of its content, after version, serial number,
 * algorithm, issuer and validity.
 */
function subjectOf(certificate: string): Buffer {
  const content = children(children(new X509Certificate(certificate).raw)[0] ?? Buffer.alloc(0));
  const subject = content[5];
  if (subject === undefined) {
    throw new Error("The signer's certificate has no subject.");
  }
  return subject;
}

/** The elements inside a constructed element. */
function children(parent: Buffer): readonly Buffer[] {
  const content = parent.subarray(headerLength(parent));
  const found: Buffer[] = [];
  for (let at = 0; at < content.length;) {
    const rest = content.subarray(at);
    const size = headerLength(rest) + contentLength(rest);
    found.push(rest.subarray(0, size));
    at += size;
  }
  return found;
}

function headerLength(value: Buffer): number {
  const first = value[1] ?? 0;
  return first < 0x80 ? 2 : 2 + (first & 0x7f);
}

function contentLength(value: Buffer): number {
  const first = value[1] ?? 0;
  return first < 0x80 ? first : value.readUIntBE(2, first & 0x7f);
}

/** ecdsa-with-SHA256 or sha256WithRSAEncryption (RFC 5758, RFC 4055). */
function signatureAlgorithm(key: KeyObject): Buffer {
  return createPublicKey(key).asymmetricKeyType === "ec"
    ? der.sequence(der.objectIdentifier("1.2.840.10045.4.3.2"))
    : der.sequence(der.objectIdentifier("1.2.840.113549.1.1.11"), der.nothing);
}

function extensionsOf(request: CertificateRequest): readonly Buffer[] {
  const extension = (type: string, critical: boolean, value: Buffer): Buffer =>
    der.sequence(der.objectIdentifier(type), ...(critical ? [der.yes] : []), der.octets(value));
  const names = [
    ...request.dnsNames.map((name) => der.implicit(2, Buffer.from(name))),
    ...request.ipAddresses
      .filter(isIPv4)
      .map((address) => der.implicit(7, Buffer.from(address.split(".").map(Number)))),
  ];
  // keyCertSign, digitalSignature and keyEncipherment; or the last two.
  const usage = request.isCA ? der.bits(Buffer.of(0xa4), 2) : der.bits(Buffer.of(0xa0), 5);
  return [
    extension("2.5.29.15", true, usage),
    extension("2.5.29.19", true, der.sequence(...(request.isCA ? [der.yes] : []))),
    ...(names.length === 0 ? [] : [extension("2.5.29.17", false, der.sequence(...names))]),
  ];
}

function pem(label: string, content: Buffer): string {
  const lines = content.toString("base64").match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}
