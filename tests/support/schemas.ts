import Ajv2020 from "ajv/dist/2020";
import { parse } from "yaml";
import type { ChartFact } from "./chart-facts";

type Schema = Readonly<Record<string, unknown>>;

/**
 * What a JSON Schema, or the `spec` of a custom resource definition, says against a value; `[]` when it
 * fits. A key that a definition does not know is an error, as the API server would drop it.
 */
export function schemaErrors(
  schema: Schema | ChartFact,
  value: unknown,
  version?: string,
): readonly string[] {
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    validateFormats: false,
    validateSchema: false,
    logger: false,
  });
  const validate = ajv.compile(isFact(schema) ? closed(specSchema(schema, version)) : schema);
  validate(value);
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${instancePath} ${message ?? "is wrong"} ${JSON.stringify(params)}`,
  );
}

function isFact(schema: Schema | ChartFact): schema is ChartFact {
  return typeof schema.read === "function";
}

interface Definition {
  readonly spec: {
    readonly versions: readonly {
      readonly name: string;
      readonly schema: {
        readonly openAPIV3Schema: { readonly properties: { readonly spec: Schema } };
      };
    }[];
  };
}

function specSchema(fact: ChartFact, version: string | undefined): Schema {
  const { versions } = (parse(fact.read()) as Definition).spec;
  const found = versions.find(({ name }) => version === undefined || name === version);
  if (found === undefined) {
    throw new Error(`${fact.path} has no version ${String(version)}.`);
  }
  return found.schema.openAPIV3Schema.properties.spec;
}

/** A structural schema is open in JSON Schema's eyes; the API server prunes what it does not name. */
function closed(schema: unknown): Schema {
  if (typeof schema !== "object" || schema === null) {
    return {};
  }
  const { properties, items, additionalProperties, pattern, ...rest } = schema as Record<
    string,
    unknown
  >;
  const free = rest["x-kubernetes-preserve-unknown-fields"] === true;
  return {
    ...rest,
    ...(typeof pattern === "string" && isReadable(pattern) ? { pattern } : {}),
    ...(rest["x-kubernetes-int-or-string"] === true ? { type: ["integer", "string"] } : {}),
    ...(typeof properties === "object" && properties !== null
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([key, value]: [string, unknown]) => [
              key,
              closed(value),
            ]),
          ),
        }
      : {}),
    ...(items === undefined ? {} : { items: closed(items) }),
    ...(additionalProperties === undefined
      ? properties === undefined || free
        ? {}
        : { additionalProperties: false }
      : { additionalProperties: closed(additionalProperties) }),
  };
}

/** Definitions have patterns in Go's dialect; one that JavaScript cannot read is not compared. */
function isReadable(pattern: string): boolean {
  try {
    return new RegExp(pattern, "u").source.length > 0;
  } catch {
    return false;
  }
}
