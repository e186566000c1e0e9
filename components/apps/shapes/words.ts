import { meantKey, unknownKeyText } from "../../settings/errors";
import { keysOf, membersOf, resolved, type Shape, type Shapes } from "./shape";

/** How many keys of an object are named before the rest is left to the reader. */
const mostKeys = 8;

/** How many places are named where a key may be meant; more are no help. */
const mostPaths = 3;

/** What is wrong with a value that has not the shape it has to have. */
export function wrongText(value: unknown, shape: Shape, shapes: Shapes): string {
  const members = membersOf(shape, shapes);
  const wanted =
    resolved(shape, shapes).description ??
    [...new Set(members.map((member) => shapeText(member, shapes)))].join(" or ");
  return value === undefined
    ? `is missing; it has to be ${wanted}.`
    : `got ${valueText(value)}; it has to be ${wanted}.${quotesText(value, members)}`;
}

/** A number where a text belongs is mostly one that its quotes were left out of. */
function quotesText(value: unknown, members: readonly Shape[]): string {
  if (typeof value !== "number" && typeof value !== "boolean") {
    return "";
  }
  const text = String(value);
  return members.some(
    ({ type, pattern }) => type === "string" && new RegExp(pattern ?? "").test(text),
  )
    ? ` Write it in quotes: "${text}".`
    : "";
}

/** What is wrong with a key that its object does not have, with what was probably meant. */
export function unknownText(
  key: string,
  nearest: Shape,
  objects: readonly Shape[],
  shapes: Shapes,
): string {
  const meant = meantKeys(key, nearest, shapes);
  if (objects.some((other) => keysOf(other).includes(key))) {
    return unknownKeyText(key, [key]);
  }
  return meant.length === 0
    ? unknownKeyText(key, keysOf(nearest))
    : `this key is not known; did you mean ${meant.map((each) => `"${each}"`).join(" or ")}?`;
}

/** What was probably meant by a key, as paths from its object: one of its own keys, or some further inside. */
export function meantKeys(key: string, shape: Shape, shapes: Shapes): readonly string[] {
  const own = meantKey(key, keysOf(shape));
  const inside = own === undefined ? pathsTo(key, shape, shapes, 2) : [];
  return own === undefined ? (inside.length > mostPaths ? [] : inside) : [own];
}

/** The paths inside an object that end in a key, a few keys deep. */
function pathsTo(key: string, shape: Shape, shapes: Shapes, depth: number): readonly string[] {
  const found = Object.entries(shape.properties ?? {}).flatMap(([name, field]) => {
    const objects = membersOf(field, shapes).filter(({ properties }) => properties !== undefined);
    return objects.flatMap((object) => [
      ...(keysOf(object).includes(key) ? [`${name}.${key}`] : []),
      ...(depth > 1
        ? pathsTo(key, object, shapes, depth - 1).map((path) => `${name}.${path}`)
        : []),
    ]);
  });
  return [...new Set(found)];
}

/** What a value of a shape is, for a person. */
function shapeText(shape: Shape, shapes: Shapes): string {
  if (shape.description !== undefined) {
    return shape.description;
  }
  if (shape.enum !== undefined) {
    return shape.enum.map((value) => JSON.stringify(value)).join(" or ");
  }
  switch (shape.type) {
    case "string":
      return "a text";
    case "boolean":
      return "true or false";
    case "array":
      return `a list of ${itemsText(shape.items ?? {}, shapes)}`;
    case "object":
      return objectText(shape, shapes);
    case undefined:
      return "something";
    default:
      return shape.type === "null" ? "null" : `a ${shape.type}`;
  }
}

/** What each entry is; a shape that may hold itself has a description, so that this comes to an end. */
function itemsText(items: Shape, shapes: Shapes): string {
  const { description } = resolved(items, shapes);
  if (description !== undefined) {
    return description;
  }
  const members = membersOf(items, shapes);
  const [only] = members;
  if (members.length === 1 && (only?.type === "string" || only?.type === "number")) {
    return only.type === "string" ? "texts" : "numbers";
  }
  return [...new Set(members.map((member) => shapeText(member, shapes)))].join(" or ");
}

function objectText(
  { properties, required = [], additionalProperties }: Shape,
  shapes: Shapes,
): string {
  if (properties === undefined) {
    return typeof additionalProperties === "object"
      ? `a map of ${itemsText(additionalProperties, shapes)}`
      : "an object";
  }
  const keys = Object.keys(properties).map((key) => (required.includes(key) ? key : `${key}?`));
  const shown = keys.length > mostKeys ? [...keys.slice(0, mostKeys), "…"] : keys;
  return `{ ${shown.join(", ")} }`;
}

/** A value on one line, at most so long that the rest of the sentence is still read. */
function valueText(value: unknown): string {
  if (typeof value === "function") {
    return "a function";
  }
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  const maker: unknown = isObject ? Object.getPrototypeOf(value)?.constructor : Object;
  if (isObject && typeof maker === "function" && maker !== Object) {
    return `an object of class ${maker.name}`;
  }
  const text = isObject ? `{ ${Object.keys(value).join(", ")} }` : String(JSON.stringify(value));
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
