import { containsUnknown, isPlainMap, type Plain, type PlainMap } from "../../rpc/values";
import { isBuiltIn } from "./built-in-kinds";
import { at, isCustomResourceDefinition, isSecret, textAt, withoutValue } from "./kube-object";

/** Fields of metadata that only the server writes. */
const READ_ONLY = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "uid",
];

/**
 * Brings inputs into the form in which the server keeps them, so that inputs which mean the same look
 * the same. Custom resources, and inputs with unknown values, are left as they are.
 */
export function normaliseInputs(object: PlainMap): PlainMap {
  const shaped =
    containsUnknown(object) || !isBuiltIn(textAt(object, "apiVersion")) ? object : shape(object);
  return READ_ONLY.reduce((inputs, field) => withoutValue(inputs, ["metadata", field]), shaped);
}

function shape(object: PlainMap): PlainMap {
  if (isCustomResourceDefinition(object)) {
    return normaliseDefinition(object);
  }
  return isSecret(object) ? normaliseSecret(withoutNulls(object)) : withoutNulls(object);
}

/** The server drops a preserveUnknownFields of false, and ignores a status. */
function normaliseDefinition(definition: PlainMap): PlainMap {
  const withoutStatus = withoutValue(definition, ["status"]);
  return at(definition, "spec", "preserveUnknownFields") === false
    ? withoutValue(withoutStatus, ["spec", "preserveUnknownFields"])
    : withoutStatus;
}

/** The server moves stringData into data, where it wins over a key of the same name. */
function normaliseSecret(secret: PlainMap): PlainMap {
  const { stringData, data, ...rest } = secret;
  const encoded = isPlainMap(data) ? data : {};
  if (!isPlainMap(stringData) || Object.keys(stringData).length === 0) {
    return isPlainMap(data) ? { ...secret, data: mapValues(encoded, recode) } : secret;
  }
  const added = mapValues(stringData, (value) => Buffer.from(String(value)).toString("base64"));
  return { ...rest, data: { ...encoded, ...added } };
}

/** The server re-encodes data, so line breaks in the Base64 text disappear. */
function recode(value: Plain): Plain {
  return typeof value === "string" ? Buffer.from(value, "base64").toString("base64") : value;
}

function withoutNulls(object: PlainMap): PlainMap {
  return Object.fromEntries(
    Object.entries(object)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, withoutNullsIn(value)]),
  );
}

function withoutNullsIn(value: Plain): Plain {
  if (Array.isArray(value)) {
    return (value as readonly Plain[]).map(withoutNullsIn);
  }
  return isPlainMap(value) ? withoutNulls(value) : value;
}

function mapValues(map: PlainMap, change: (value: Plain) => Plain): PlainMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}
