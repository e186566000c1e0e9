import { X509Certificate, generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorCode } from "../terminal/failure";

/** The kubeconfig context of the embedded cluster. */
export const embeddedContext = "slipway-sandbox";

/** The credential files of the control plane. */
export interface AccessFiles {
  /** The one token that all of the control plane and the user have, as a static token file. */
  readonly tokens: string;
  /** That token. */
  readonly token: string;
  /** Signs the tokens of service accounts. */
  readonly serviceAccountKey: string;
  /** Verifies them. */
  readonly serviceAccountPublicKey: string;
  /** Where the API server puts its serving certificate. */
  readonly servingFolder: string;
  /** That certificate, followed by the one that signed it. */
  readonly servingCertificate: string;
}

/** Makes the credentials of a new sandbox, and keeps those of an existing one. */
export function prepareAccess(folder: string): AccessFiles {
  const files = {
    tokens: join(folder, "tokens.csv"),
    serviceAccountKey: join(folder, "service-account.key"),
    serviceAccountPublicKey: join(folder, "service-account.pub"),
    servingFolder: join(folder, "serving"),
    servingCertificate: join(folder, "serving", "apiserver.crt"),
  };
  if (!existsSync(files.tokens)) {
    // system:masters: the RBAC roles of the separate components are not what a sandbox is to show.
    const line = `${randomBytes(24).toString("hex")},${embeddedContext},${embeddedContext},"system:masters"\n`;
    writeFileSync(files.tokens, line, { mode: 0o600 });
  }
  if (!existsSync(files.serviceAccountPublicKey)) {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const key = privateKey.export({ type: "sec1", format: "pem" });
    writeFileSync(files.serviceAccountKey, key, { mode: 0o600 });
    writeFileSync(
      files.serviceAccountPublicKey,
      publicKey.export({ type: "spki", format: "pem" }),
      { mode: 0o600 },
    );
  }
  if (expiresSoon(files.servingCertificate)) {
    rmSync(files.servingFolder, { recursive: true, force: true });
  }
  const [token = ""] = readFileSync(files.tokens, "utf8").split(",");
  return { ...files, token };
}

/**
 * The certificate that signed the API server's serving certificate: the last one of the file that the
 * server writes at its first start; undefined before that.
 */
export function certificateAuthority(servingCertificate: string): string | undefined {
  return certificates(servingCertificate).at(-1);
}

function expiresSoon(servingCertificate: string): boolean {
  const [serving] = certificates(servingCertificate);
  const day = 24 * 60 * 60 * 1000;
  return (
    serving !== undefined && Date.parse(new X509Certificate(serving).validTo) < Date.now() + day
  );
}

function certificates(file: string): readonly string[] {
  try {
    const pem = readFileSync(file, "utf8");
    return pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g) ?? [];
  } catch (error) {
    if (errorCode(error) === "ENOENT") {
      return [];
    }
    throw error;
  }
}
