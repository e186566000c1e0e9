import { isMap, step, steps, type Fields } from "../../core/fields";
import { type ObjectView } from "../../core/object";
import { UnknownValueError } from "../../core/unknown";
import { CUSTOM_KINDS, CUSTOM_TYPES } from "./custom-types";
import { unserved, versionServing } from "./served-kinds";
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

const MODELS: Readonly<Record<string, string>> = known.kinds;
const POD_SPEC = "V1PodSpec";
const ANY_OBJECT = "AnyObject";

const models = new Map<string, Model>();

/** What is wrong with the type and the fields of an object, as far as its kind is known. */
export function schemaFlaws(object: ObjectView, kubernetesVersion: string): readonly SchemaFlaw[] {
  const { apiVersion, kind, raw } = object;
  const exact = MODELS[`${apiVersion}/${kind}`];
  const flaws: SchemaFlaw[] = [];
  if (exact === undefined) {
    checkRoughly(object, flaws);
  } else {
    // A later release may have fields that this table does not.
    const minor = Number(/^v?1\.(\d+)/.exec(kubernetesVersion)?.[1] ?? Infinity);
    const strict = minor <= SCHEMA_RELEASE;
    checkModel(raw, exact, undefined, { flaws, strict, complete: true });
  }
  return flaws.slice(0, MOST_FLAWS);
}

/** Types only: another version of a kind has other fields, and of a custom resource only some are known. */
function checkRoughly(object: ObjectView, flaws: SchemaFlaw[]): void {
  const { apiVersion, group, kind, raw, pod } = object;
  const wrong = unserved(apiVersion, kind);
  if (wrong !== undefined) {
    const written = raw[wrong.path] ?? undefined;
    const found = typeof written === "string" ? written : written && nameOf(written);
    flaws.push({ path: wrong.path, found, wanted: wrong.wanted });
  }
  const progress: Progress = { flaws, strict: false, complete: false };
  const serving = object.builtIn ? versionServing(kind) : undefined;
  const model = CUSTOM_KINDS[`${group}/${kind}`] ?? MODELS[`${serving ?? ""}/${kind}`];
  checkModel(raw, model ?? ANY_OBJECT, undefined, progress);
  if (model === undefined && pod !== undefined) {
    const place = steps(pod.path).reduce<Place | undefined>(
      (parent, key) => ({ parent, key }),
      undefined,
    );
    checkModel(pod.spec, POD_SPEC, place, progress);
  }
}

interface Progress {
  readonly flaws: SchemaFlaw[];
  /** Whether a field that is not known is a flaw. */
  readonly strict: boolean;
  /** Whether a required field that is missing is a flaw. */
  readonly complete: boolean;
}

function checkModel(
  value: Fields,
  name: string,
  place: Place | undefined,
  progress: Progress,
): void {
  const { fields, required } = modelOf(name);
  for (const field of progress.complete ? required : []) {
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
  if (value === null && typeof key === "number" && type.form !== "scalar") {
    flaw(progress, { parent, key }, "nothing", type.form === "list" ? "a list" : "a map");
  }
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
    const written =
      (known.types as Readonly<Record<string, string>>)[name] ?? CUSTOM_TYPES[name] ?? "";
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
