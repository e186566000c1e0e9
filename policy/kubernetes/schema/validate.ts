import { isMap, join, step, type Fields } from "../../core/fields";
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

interface FieldType {
  /** A scalar's name, or a model's; `[]` behind it makes a list, `{}` a map of it. */
  readonly type: string;
  readonly required: boolean;
}

type Model = ReadonlyMap<string, FieldType>;

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
  const flaws: SchemaFlaw[] = [];
  // A later release may have fields that this table does not.
  const minor = Number(/^v?1\.(\d+)/.exec(kubernetesVersion)?.[1] ?? Infinity);
  checkModel(object, model, "", { flaws, strict: minor <= SCHEMA_RELEASE });
  return flaws.slice(0, MOST_FLAWS);
}

interface Progress {
  readonly flaws: SchemaFlaw[];
  /** Whether a field that is not known is a flaw. */
  readonly strict: boolean;
}

function checkModel(value: Fields, name: string, path: string, progress: Progress): void {
  const model = modelOf(name);
  for (const [field, { required }] of model) {
    if (required && isMissing(value, field)) {
      const at = join(path, field);
      progress.flaws.push({ path: at, found: undefined, wanted: "set, as the API requires it" });
    }
  }
  for (const field of Object.keys(value)) {
    // The engine's own fields.
    if (field.startsWith("__")) {
      continue;
    }
    const at = path + (path === "" ? step(field).replace(/^\./, "") : step(field));
    const type = model.get(field)?.type;
    if (type !== undefined) {
      checkValue(read(value, field), type, at, progress);
    } else if (progress.strict) {
      progress.flaws.push({
        path: at,
        found: "a field that the API does not know",
        wanted: "removed, or moved to where it belongs",
      });
    }
  }
}

function checkValue(value: unknown, type: string, path: string, progress: Progress): void {
  if (value === undefined || value === null || progress.flaws.length >= MOST_FLAWS) {
    return;
  }
  if (type.endsWith("[]")) {
    if (!Array.isArray(value)) {
      progress.flaws.push({ path, found: nameOf(value), wanted: "a list" });
      return;
    }
    const items = type.slice(0, -2);
    for (let index = 0; index < value.length; index++) {
      checkValue(read(value, index), items, `${path}[${index}]`, progress);
    }
  } else if (type.endsWith("{}")) {
    if (!isMap(value)) {
      progress.flaws.push({ path, found: nameOf(value), wanted: "a map" });
      return;
    }
    const values = type.slice(0, -2);
    for (const key of Object.keys(value)) {
      checkValue(read(value, key), values, path + step(key), progress);
    }
  } else if (Object.hasOwn(SCALARS, type)) {
    const scalar = SCALARS[type];
    if (scalar !== undefined && !scalar.accepts(value)) {
      progress.flaws.push({ path, found: nameOf(value), wanted: scalar.name });
    }
  } else if (isMap(value)) {
    checkModel(value, type, path, progress);
  } else {
    progress.flaws.push({ path, found: nameOf(value), wanted: "a map" });
  }
}

const SCALARS: Readonly<Record<string, { name: string; accepts: (value: unknown) => boolean }>> = {
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
    const fields = written.split(" ").map((field): [string, FieldType] => {
      const [key = "", type = ""] = field.split(":");
      const required = key.endsWith("!");
      return [required ? key.slice(0, -1) : key, { type, required }];
    });
    model = new Map(fields);
    models.set(name, model);
  }
  return model;
}
