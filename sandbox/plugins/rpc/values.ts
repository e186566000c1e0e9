import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { OUTPUT, SECRET, SIGNATURE, UNKNOWN_TEXT, UNKNOWNS } from "./wire-format";

/** A value the engine does not know yet: the output of a resource that a preview did not create. */
export class Unknown {
  static readonly instance = new Unknown();
  private constructor() {}
}

/** A value the engine must encrypt in the state and mask on screen. */
export class Secret {
  constructor(readonly value: Property) {}
}

/** A value as resources exchange it with the engine. */
export type Property = Scalar | Unknown | Secret | readonly Property[] | PropertyMap;

/** Named values: the inputs or outputs of a resource. */
export interface PropertyMap {
  [key: string]: Property;
}

/** A value without the marks of secrecy; what a Kubernetes object is made of. */
export type Plain = Scalar | Unknown | readonly Plain[] | PlainMap;

/** Named plain values. */
export interface PlainMap {
  [key: string]: Plain;
}

type Scalar = null | boolean | number | string;

export function isMap(value: unknown): value is { [key: string]: Property } {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Secret) &&
    !(value instanceof Unknown)
  );
}

export function isPlainMap(value: Plain | undefined): value is PlainMap {
  return isMap(value);
}

function isList<T>(value: T | readonly T[] | undefined): value is readonly T[] {
  return Array.isArray(value);
}

/** Reads the named values of a request; an absent message reads as no values. */
export function decodeStruct(struct: Struct | undefined): PropertyMap {
  return struct === undefined ? {} : decodeMap(struct.toJavaScript());
}

/** Writes named values for a response. */
export function encodeStruct(values: PropertyMap): Struct {
  return Struct.fromJavaScript(encodeMap(values));
}

/** The value with every secret replaced by what it holds. */
export function reveal(value: Property): Plain {
  if (value instanceof Secret) {
    return reveal(value.value);
  }
  if (value instanceof Unknown || typeof value !== "object" || value === null) {
    return value;
  }
  return isList<Property>(value) ? value.map(reveal) : revealMap(value as PropertyMap);
}

export function revealMap(values: PropertyMap): PlainMap {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, reveal(value)]));
}

export function containsSecret(value: Property): boolean {
  return some(value, (part) => part instanceof Secret);
}

export function containsUnknown(value: Property): boolean {
  return some(value, (part) => part instanceof Unknown);
}

function some(value: Property, test: (part: Property) => boolean): boolean {
  if (test(value)) {
    return true;
  }
  if (value instanceof Secret) {
    return some(value.value, test);
  }
  if (isList<Property>(value)) {
    return value.some((part) => some(part, test));
  }
  return isMap(value) && Object.values(value).some((part) => some(part, test));
}

function decodeMap(values: { [key: string]: JavaScriptValue }): PropertyMap {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, decode(value)]));
}

function decode(value: JavaScriptValue): Property {
  if (typeof value === "string") {
    return UNKNOWNS.has(value) ? Unknown.instance : value;
  }
  if (Array.isArray(value)) {
    return value.map(decode);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const fields = value as { [key: string]: JavaScriptValue };
  switch (fields[SIGNATURE]) {
    case SECRET:
      return new Secret(decode(fields["value"] ?? null));
    case OUTPUT: {
      const inner = "value" in fields ? decode(fields["value"] ?? null) : Unknown.instance;
      return fields["secret"] === true ? new Secret(inner) : inner;
    }
    default:
      return decodeMap(fields);
  }
}

function encodeMap(values: PropertyMap): { [key: string]: JavaScriptValue } {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, encode(value)]));
}

function encode(value: Property): JavaScriptValue {
  if (value instanceof Secret) {
    return { [SIGNATURE]: SECRET, value: encode(value.value) };
  }
  if (value instanceof Unknown) {
    return UNKNOWN_TEXT;
  }
  if (isList<Property>(value)) {
    return value.map(encode);
  }
  return isMap(value) ? encodeMap(value) : (value as Scalar);
}
