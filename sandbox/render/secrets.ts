/** What stands in the place of each secret value; the engine's own displays use the same text. */
export const secretMask = "[secret]";
/** What stands in the place of a value that is only known after a deployment. */
const unknownMask = "[unknown]";

// The engine marks special values of its JSON by a key that no real map has.
// https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig/sig.go
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";

// How a plan writes a value of any kind that the preview does not know.
// https://github.com/pulumi/pulumi/blob/master/pkg/resource/stack/deployment.go
const unknownSentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * Turns a value of the engine's plan into plain JSON: each leaf of a secret becomes `[secret]`, so that the
 * keys of its maps survive, and each value that is not known yet becomes `[unknown]`.
 */
export function maskSecrets(value: unknown): unknown {
  if (value === unknownSentinel) {
    return unknownMask;
  }
  if (Array.isArray(value)) {
    return value.map(maskSecrets);
  }
  if (!isMap(value)) {
    return value;
  }
  switch (value[signatureKey]) {
    case undefined:
      return mapValues(value, maskSecrets);
    case secretSignature:
      return maskLeaves(secretContent(value));
    case resourceSignature:
      return value["urn"] ?? unknownMask;
    default:
      throw new Error(
        "The plan holds a file, an archive or binary text, which no Kubernetes object has; render writes objects only.",
      );
  }
}

/** The masked form of a Kubernetes object: a Secret's values are masked even when nobody marked them. */
export function maskObject(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const masked = mapValues(object, maskSecrets);
  if (masked["kind"] !== "Secret" || masked["apiVersion"] !== "v1") {
    return masked;
  }
  for (const field of ["data", "stringData"]) {
    if (masked[field] !== undefined) {
      masked[field] = maskLeaves(masked[field]);
    }
  }
  return masked;
}

/** The value inside a secret: a plan that shows secrets has it as JSON, another one only as cipher text. */
function secretContent(secret: Readonly<Record<string, unknown>>): unknown {
  const { plaintext } = secret;
  return typeof plaintext === "string" ? (JSON.parse(plaintext) as unknown) : secretMask;
}

function maskLeaves(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(maskLeaves);
  }
  if (!isMap(value)) {
    return secretMask;
  }
  const signature = value[signatureKey];
  if (signature === secretSignature) {
    return maskLeaves(secretContent(value));
  }
  return signature === undefined ? mapValues(value, maskLeaves) : secretMask;
}

function mapValues(
  map: Readonly<Record<string, unknown>>,
  change: (value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}

/** Says whether a value is a map. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
