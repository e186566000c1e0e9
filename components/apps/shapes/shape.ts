/**
 * What a value may look like, in the words of JSON Schema; one that says nothing allows anything. The
 * type `function` is one more.
 */
export interface Shape {
  /**
   * The name of the shape that it is.
   * @default - it says itself what it is
   */
  readonly $ref?: string;
  /**
   * What it is called in a message.
   * @default - what follows from its keys
   */
  readonly description?: string;
  /**
   * The type of the value.
   * @default - any, or the one that follows from the other keys
   */
  readonly type?: "string" | "number" | "boolean" | "null" | "function" | "array" | "object";
  /**
   * All values that there are.
   * @default - every one of its type
   */
  readonly enum?: readonly unknown[];
  /**
   * The form of a text, as a regular expression.
   * @default - any
   */
  readonly pattern?: string;
  /**
   * What each entry of a list is.
   * @default - anything
   */
  readonly items?: Shape;
  /**
   * The keys of an object.
   * @default - it is a map
   */
  readonly properties?: Readonly<Record<string, Shape>>;
  /**
   * The keys that have to be there.
   * @default - none
   */
  readonly required?: readonly string[];
  /**
   * What keys may hold that are not named.
   * @default false
   */
  readonly additionalProperties?: Shape | boolean;
  /**
   * The shapes of which it has one.
   * @default - there is no choice
   */
  readonly anyOf?: readonly Shape[];
}

/** Shapes by the names of the types they are of. */
export type Shapes = Readonly<Record<string, Shape>>;

/** An object, by its keys. */
export type Fields = Readonly<Record<string, unknown>>;

/** Says whether a value has a shape. */
export function fits(value: unknown, shape: Shape, shapes: Shapes): boolean {
  const found = resolved(shape, shapes);
  if (found.anyOf !== undefined) {
    return found.anyOf.some((member) => fits(value, member, shapes));
  }
  if (!isOfType(value, found)) {
    return false;
  }
  const { items } = found;
  if (items !== undefined) {
    return (value as readonly unknown[]).every((entry) => fits(entry, items, shapes));
  }
  return found.type !== "object" || fieldsFit(value as Fields, found, shapes);
}

function fieldsFit(fields: Fields, shape: Shape, shapes: Shapes): boolean {
  const { properties = {}, additionalProperties: more, required = [] } = shape;
  for (const key in fields) {
    const field = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (field === undefined) {
      if (!mayHold(fields, key, more, shapes)) {
        return false;
      }
    } else if (fields[key] !== undefined && !fits(fields[key], field, shapes)) {
      return false;
    }
  }
  return required.every((key) => fields[key] !== undefined);
}

/** Says whether an object may have a key that its shape does not name. */
function mayHold(
  fields: Fields,
  key: string,
  more: Shape["additionalProperties"] = false,
  shapes: Shapes,
): boolean {
  return typeof more === "object"
    ? fits(fields[key], more, shapes)
    : more || fields[key] === undefined || !isPlain(fields);
}

/** Says whether a literal or a spread made an object: what a class made has more than it is used for. */
export function isPlain(fields: Fields): boolean {
  const prototype: unknown = Object.getPrototypeOf(fields);
  return prototype === Object.prototype || prototype === null;
}

/** Says whether a value is of the type of a shape; what is in it is another question. */
export function isOfType(value: unknown, { type, enum: values, pattern }: Shape): boolean {
  if (values !== undefined) {
    return values.includes(value);
  }
  switch (type) {
    case undefined:
      return true;
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "null":
      return value === null;
    case "string":
      return (
        typeof value === "string" && (pattern === undefined || new RegExp(pattern).test(value))
      );
    default:
      return typeof value === type;
  }
}

/** The shapes of a choice, those of choices within it too; the shape itself where there is none. */
export function membersOf(shape: Shape, shapes: Shapes): readonly Shape[] {
  const found = resolved(shape, shapes);
  return found.anyOf === undefined
    ? [found]
    : found.anyOf.flatMap((member) => membersOf(member, shapes));
}

/** A shape as it is said, where only its name was given. */
export function resolved(shape: Shape, shapes: Shapes): Shape {
  return shape.$ref === undefined ? shape : (shapes[shape.$ref] ?? {});
}

/** The keys that an object of a shape may have. */
export function keysOf({ properties = {} }: Shape): readonly string[] {
  return Object.keys(properties);
}
