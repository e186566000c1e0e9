import { createHash, createHmac, pbkdf2Sync, randomBytes, randomInt } from "node:crypto";

const alphaNumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Printable ASCII without space, quotes, the backslash and what separates the parts of a URL. */
const printable = `${alphaNumeric}!#$*+,-.;=^_{|}~()<>[]`;

/** PGO's length of a password, and the default of External Secrets' generator. */
const length = 24;

/**
 * A random password.
 * @param kind which characters it may have, in PGO's words
 */
export function randomPassword(kind: "AlphaNumeric" | "ASCII" = "AlphaNumeric"): string {
  const alphabet = kind === "ASCII" ? printable : alphaNumeric;
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}

/** A value that looks like a password and follows from what it is for, so that it is the same on every read. */
export function derivedPassword(purpose: string): string {
  const digest = createHash("sha256").update(purpose).digest();
  return [...digest.subarray(0, length)]
    .map((byte) => alphaNumeric[byte % alphaNumeric.length])
    .join("");
}

/**
 * What Postgres stores for a password.
 * @see https://www.postgresql.org/docs/current/catalog-pg-authid.html
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  // The count that Postgres itself uses (scram_iterations).
  const iterations = 4096;
  const salted = pbkdf2Sync(password.normalize("NFKC"), salt, iterations, 32, "sha256");
  const clientKey = createHmac("sha256", salted).update("Client Key").digest();
  const storedKey = createHash("sha256").update(clientKey).digest("base64");
  const serverKey = createHmac("sha256", salted).update("Server Key").digest("base64");
  return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${storedKey}:${serverKey}`;
}
