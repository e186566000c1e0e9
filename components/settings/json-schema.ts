import { z } from "zod";
import type { KnownKeys } from "./errors";

/** The part of JSON Schema that says which keys a map has. */
interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
}

/** The JSON Schema of a settings schema, as an editor's language server reads it. */
export function jsonSchema(schema: z.ZodType): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(schema, {
    target: "draft-7",
    io: "input",
    // A refinement cannot be said in JSON Schema; its base type can.
    unrepresentable: "any",
  });
}

/** The keys that a schema knows at a path; none where it knows no fixed keys. */
export function knownKeys(schema: z.ZodType): KnownKeys {
  const root = jsonSchema(schema) as SchemaNode;
  return (path) => {
    const nodes = path.reduce<readonly SchemaNode[]>(
      (level, key) => level.flatMap((node) => step(node, key)),
      branches(root),
    );
    return [...new Set(nodes.flatMap((node) => Object.keys(node.properties ?? {})))];
  };
}

function step(node: SchemaNode, key: PropertyKey): readonly SchemaNode[] {
  if (typeof key === "number") {
    return node.items === undefined ? [] : branches(node.items);
  }
  const rest =
    typeof node.additionalProperties === "object" ? node.additionalProperties : undefined;
  const next = node.properties?.[String(key)] ?? rest;
  return next === undefined ? [] : branches(next);
}

function branches(node: SchemaNode): readonly SchemaNode[] {
  return [node, ...(node.anyOf ?? []).flatMap(branches), ...(node.oneOf ?? []).flatMap(branches)];
}
