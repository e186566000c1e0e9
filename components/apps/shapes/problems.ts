import type { Problem } from "../../kit/problem";
import {
  fits,
  isOfType,
  isPlain,
  keysOf,
  membersOf,
  type Fields,
  type Shape,
  type Shapes,
} from "./shape";
import { meantKeys, unknownText, wrongText } from "./words";

/** The shapes that an object may have, and the one that it is held against. */
interface Choice {
  readonly objects: readonly Shape[];
  readonly nearest: Shape;
  /** Keys of which one has to be there. */
  readonly oneOf: readonly string[];
}

/** What is wrong with the shape of a value: all of it, each with its path. */
export function shapeProblems(
  value: unknown,
  shape: Shape,
  shapes: Shapes,
  path = "",
): readonly Problem[] {
  // Nearly every value is as it has to be, and then nothing of it has to be named.
  if (fits(value, shape, shapes)) {
    return [];
  }
  const members = membersOf(shape, shapes);
  const fitting = members.filter((member) => isOfType(value, member));
  const objects = fitting.filter(({ properties }) => properties !== undefined);
  const [other] = fitting.filter(({ properties }) => properties === undefined);
  if (other !== undefined) {
    return entryProblems(value, other, shapes, path);
  }
  const isNamedWhole =
    objects.length === 0 ||
    (objects.length < members.length && isStrangeTo(value as Fields, objects, shapes));
  return isNamedWhole
    ? [{ field: path, message: wrongText(value, shape, shapes) }]
    : choiceProblems(value as Fields, objects, shapes, path);
}

/** What is wrong with the entries of a list, or with the values of a map. */
function entryProblems(
  value: unknown,
  { items, additionalProperties }: Shape,
  shapes: Shapes,
  path: string,
): readonly Problem[] {
  if (items !== undefined) {
    return (value as readonly unknown[]).flatMap((entry, index) =>
      shapeProblems(entry, items, shapes, `${path}[${String(index)}]`),
    );
  }
  return typeof additionalProperties === "object"
    ? Object.entries(value as Fields).flatMap(([key, entry]) =>
        shapeProblems(entry, additionalProperties, shapes, below(path, key)),
      )
    : [];
}

/** What is wrong with an object that has one of some shapes: it is held against the nearest. */
function choiceProblems(
  fields: Fields,
  objects: readonly Shape[],
  shapes: Shapes,
  path: string,
): readonly Problem[] {
  const told = objects.filter((each) => isOfKind(fields, each, kindKeys(objects)));
  const nearest = nearestTo(fields, told.length === 0 ? objects : told);
  const clashing = said(fields).filter((key) =>
    nearest.some((each) => foreignKeys(fields, each, nearest).includes(key)),
  );
  if (clashing.length > 1) {
    const message = "stand side by side, and each says what the other says. Keep one of them.";
    return [{ field: below(path, clashing.join(" and ")), message }];
  }
  const choice = {
    objects,
    nearest: eitherOf(nearest),
    oneOf:
      told.length === 0 || nearest.length === 1
        ? []
        : nearest.flatMap((each) => missingKeys(fields, each)),
  };
  return objectProblems(fields, choice, shapes, path);
}

/** The keys that tell the kind of an object: each of its shapes has values of its own for them. */
function kindKeys(objects: readonly Shape[]): readonly string[] {
  const [first = {}] = objects;
  return keysOf(first).filter((key) =>
    objects.every(({ properties }) => properties?.[key]?.enum !== undefined),
  );
}

function isOfKind(
  fields: Fields,
  { properties = {}, required = [] }: Shape,
  kinds: readonly string[],
): boolean {
  return kinds.every((key) =>
    fields[key] === undefined
      ? !required.includes(key)
      : isOfType(fields[key], properties[key] ?? {}),
  );
}

/** The shapes with the fewest keys that are missing, or that only another one has. */
function nearestTo(fields: Fields, objects: readonly Shape[]): readonly Shape[] {
  const distances = objects.map(
    (each) => foreignKeys(fields, each, objects).length + missingKeys(fields, each).length,
  );
  const least = Math.min(...distances);
  return objects.filter((_, index) => distances[index] === least);
}

function foreignKeys(fields: Fields, shape: Shape, objects: readonly Shape[]): readonly string[] {
  return said(fields).filter(
    (key) => !hasKey(shape, key) && objects.some((other) => hasKey(other, key)),
  );
}

function missingKeys(fields: Fields, { required = [] }: Shape): readonly string[] {
  return required.filter((key) => fields[key] === undefined);
}

/** What several shapes have, for an object of which nobody can say which of them it is to have. */
function eitherOf(objects: readonly Shape[]): Shape {
  const [first = {}, ...others] = objects;
  if (others.length === 0) {
    return first;
  }
  const keys = [...new Set(objects.flatMap(keysOf))];
  return {
    type: "object",
    properties: Object.fromEntries(
      keys.map((key) => [
        key,
        { anyOf: objects.flatMap(({ properties }) => properties?.[key] ?? []) },
      ]),
    ),
    required: first.required?.filter((key) =>
      others.every(({ required = [] }) => required.includes(key)),
    ),
  };
}

function objectProblems(
  fields: Fields,
  { objects, nearest, oneOf }: Choice,
  shapes: Shapes,
  path: string,
): readonly Problem[] {
  const { properties = {} } = nearest;
  const unknown = unknownKeys(fields, nearest);
  const meant = unknown.flatMap((key) => meantKeys(key, nearest, shapes));
  return [
    ...Object.entries(properties).flatMap(([key, shape]) =>
      fields[key] === undefined ? [] : shapeProblems(fields[key], shape, shapes, below(path, key)),
    ),
    ...unknown.map((key) => ({
      field: below(path, key),
      message: unknownText(key, nearest, objects, shapes),
    })),
    // What is there under another name is not missing.
    ...missingKeys(fields, nearest)
      .filter((key) => !meant.includes(key))
      .map((key) => ({
        field: below(path, key),
        message: wrongText(undefined, properties[key] ?? {}, shapes),
      })),
    ...(oneOf.length === 0 || oneOf.some((key) => meant.includes(key))
      ? []
      : [{ field: path, message: `says none of ${oneOf.join(", ")}; it has to say one.` }]),
  ];
}

/** Says whether most of an object hints at nothing that is wanted: then it is named as a whole. */
function isStrangeTo(fields: Fields, objects: readonly Shape[], shapes: Shapes): boolean {
  const either = eitherOf(objects);
  const strange = said(fields).filter(
    (key) => !hasKey(either, key) && meantKeys(key, either, shapes).length === 0,
  );
  return strange.length > said(fields).length / 2;
}

function unknownKeys(fields: Fields, shape: Shape): readonly string[] {
  return isPlain(fields) && shape.additionalProperties === undefined
    ? said(fields).filter((key) => !hasKey(shape, key))
    : [];
}

function hasKey({ properties = {} }: Shape, key: string): boolean {
  return Object.hasOwn(properties, key);
}

/** The keys that say something. */
function said(fields: Fields): readonly string[] {
  return Object.keys(fields).filter((key) => fields[key] !== undefined);
}

function below(path: string, key: string): string {
  return /^[\w$-]+( and [\w$-]+)*$/.test(key)
    ? `${path}${path === "" ? "" : "."}${key}`
    : `${path}["${key}"]`;
}
