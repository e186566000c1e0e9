import { isMap, step, type Fields } from "../../core/fields";
import { UnknownValueError } from "../../core/unknown";
import known from "./types.json";

/** A field that the API server would reject or drop. */
export interface SchemaFlaw {
  /** Path inside the object. */
  readonly path: string;
  /** What stands there, by its type only, as it may be secret; undefined when it is missing. */
  readonly found: string | undefined;
  readonly wanted: string;
}

/** The type of a value, read from its short form: `text[]` is a list of texts, `text{}` a map of them. */
type FieldType =
  | { readonly form: "scalar"; readonly scalar: Scalar }
  | { readonly form: "list" | "map"; readonly items: FieldType }
  | { readonly form: "model"; readonly model: string };

interface Scalar {
  readonly name: string;
  readonly accepts: (value: unknown) => boolean;
}

interface Model {
  readonly fields: ReadonlyMap<string, FieldType>;
  readonly required: readonly string[];
}

/** Where a value stands; the path is written out for a flaw only, as most objects have none. */
interface Place {
  readonly parent: Place | undefined;
  readonly key: string | number;
}

/** Minor release of Kubernetes 1.x whose fields `types.json` holds. */
const SCHEMA_RELEASE = 34;
// Enough to act on; a document of another format would have hundreds.
const MOST_FLAWS = 20;

/** Kinds whose fields are known. */
export const SCHEMA_KINDS: readonly string[] = [
  ...new Set(Object.keys(known.kinds).map((kind) => kind.slice(kind.lastIndexOf("/") + 1))),
];

const models = new Map<string, Model>();

/** What is wrong with the fields of an object; nothing when its kind is not known. */
export function schemaFlaws(
  object: Fields,
  apiVersion: string,
  kind: string,
  kubernetesVersion: string,
): readonly SchemaFlaw[] {
  const model = (known.kinds as Readonly<Record<string, string>>)[`${apiVersion}/${kind}`];
  if (model === undefined) {
    return [];
  }
  // A later release may have fields that this table does not.
  const minor = Number(/^v?1\.(\d+)/.exec(kubernetesVersion)?.[1] ?? Infinity);
  const progress: Progress = { flaws: [], strict: minor <= SCHEMA_RELEASE };
  checkModel(object, model, undefined, progress);
  return progress.flaws.slice(0, MOST_FLAWS);
}

interface Progress {
  readonly flaws: SchemaFlaw[];
  /** Whether a field that is not known is a flaw. */
  readonly strict: boolean;
}

function checkModel(
  value: Fields,
  name: string,
  place: Place | undefined,
  progress: Progress,
): void {
  const { fields, required } = modelOf(name);
  for (const field of required) {
    if (isMissing(value, field)) {
      flaw(progress, { parent: place, key: field }, undefined, "set, as the API requires it");
    }
  }
  for (const field of Object.keys(value)) {
    const type = fields.get(field);
    if (type !== undefined) {
      checkField(value, field, type, place, progress);
      // The engine's own fields start so.
    } else if (progress.strict && !field.startsWith("__")) {
      const found = "a field that the API does not know";
      flaw(progress, { parent: place, key: field }, found, "removed, or moved to where it belongs");
    }
  }
}

function checkField(
  holder: Fields | readonly unknown[],
  key: string | number,
  type: FieldType,
  parent: Place | undefined,
  progress: Progress,
): void {
  const value = read(holder, key);
  if (value === undefined || value === null || progress.flaws.length >= MOST_FLAWS) {
    return;
  }
  switch (type.form) {
    case "scalar":
      if (!type.scalar.accepts(value)) {
        flaw(progress, { parent, key }, nameOf(value), type.scalar.name);
      }
      return;
    case "list":
      if (Array.isArray(value)) {
        const place = { parent, key };
        for (let index = 0; index < value.length; index++) {
          checkField(value, index, type.items, place, progress);
        }
      } else {
        flaw(progress, { parent, key }, nameOf(value), "a list");
      }
      return;
    case "map":
      if (isMap(value)) {
        const place = { parent, key };
        for (const name of Object.keys(value)) {
          checkField(value, name, type.items, place, progress);
        }
      } else {
        flaw(progress, { parent, key }, nameOf(value), "a map");
      }
      return;
    case "model":
      if (isMap(value)) {
        checkModel(value, type.model, { parent, key }, progress);
      } else {
        flaw(progress, { parent, key }, nameOf(value), "a map");
      }
  }
}

function flaw({ flaws }: Progress, place: Place, found: string | undefined, wanted: string): void {
  flaws.push({ path: pathOf(place), found, wanted });
}

function pathOf({ parent, key }: Place): string {
  const before = parent === undefined ? "" : pathOf(parent);
  if (typeof key === "number") {
    return `${before}[${key}]`;
  }
  const written = step(key);
  return before === "" ? written.replace(/^\./, "") : before + written;
}

const SCALARS: Readonly<Record<string, Scalar>> = {
  any: { name: "anything", accepts: () => true },
  text: { name: "text", accepts: (value) => typeof value === "string" },
  number: { name: "a whole number", accepts: (value) => Number.isInteger(value) },
  boolean: { name: "true or false", accepts: (value) => typeof value === "boolean" },
  scalar: {
    name: "text or a number",
    accepts: (value) => typeof value === "string" || typeof value === "number",
  },
  time: {
    name: "a time",
    accepts: (value) => typeof value === "string" || value instanceof Date,
  },
};

/** A field's value; one that the engine does not know yet has no type to judge. */
function read(holder: Fields | readonly unknown[], key: string | number): unknown {
  try {
    return (holder as Readonly<Record<string | number, unknown>>)[key];
  } catch (error) {
    if (error instanceof UnknownValueError) {
      return undefined;
    }
    throw error;
  }
}

function isMissing(holder: Fields, field: string): boolean {
  try {
    return holder[field] === undefined || holder[field] === null;
  } catch (error) {
    if (error instanceof UnknownValueError) {
      return false;
    }
    throw error;
  }
}

function nameOf(value: unknown): string {
  if (Array.isArray(value)) {
    return "a list";
  }
  return isMap(value) ? "a map" : typeof value === "string" ? "text" : `a ${typeof value}`;
}

function modelOf(name: string): Model {
  let model = models.get(name);
  if (model === undefined) {
    const written = (known.types as Readonly<Record<string, string>>)[name] ?? "";
    const fields = new Map<string, FieldType>();
    const required: string[] = [];
    for (const field of written.split(" ")) {
      const [key = "", type = ""] = field.split(":");
      const plain = key.replace("!", "");
      fields.set(plain, typeOf(type));
      if (plain !== key) {
        required.push(plain);
      }
    }
    model = { fields, required };
    models.set(name, model);
  }
  return model;
}

function typeOf(written: string): FieldType {
  if (written.endsWith("[]")) {
    return { form: "list", items: typeOf(written.slice(0, -2)) };
  }
  if (written.endsWith("{}")) {
    return { form: "map", items: typeOf(written.slice(0, -2)) };
  }
  const scalar = Object.hasOwn(SCALARS, written) ? SCALARS[written] : undefined;
  return scalar === undefined ? { form: "model", model: written } : { form: "scalar", scalar };
}
