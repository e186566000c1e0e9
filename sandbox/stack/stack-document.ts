import { isMap, isNode, parseDocument, type Document } from "yaml";
import { Failure } from "../terminal/failure";

/**
 * A stack file with its comments. Where it says nothing its settings are none, which is for the settings to judge.
 * @throws Failure when it is not YAML, or its settings are no map.
 */
export function stackDocument(text: string, file: string): Document {
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem !== undefined) {
    throw new Failure(`${file} is not valid YAML: ${problem.message}`, "Correct the file.");
  }
  for (const [node, field] of [
    [document.contents, ""],
    [document.get("config", true), '"config" '],
  ] as const) {
    const value: unknown = isNode(node) ? node.toJSON() : null;
    if (value !== null && !isMap(node)) {
      const got = JSON.stringify(value);
      throw new Failure(`${file}: ${field}got ${got}; it has to be a map.`, "Correct the file.");
    }
  }
  return document;
}

/**
 * The settings in a stack file, by their keys.
 * @throws Failure as `stackDocument`.
 */
export function stackConfig(text: string, file: string): Readonly<Record<string, unknown>> {
  const content = (stackDocument(text, file).toJS() ?? {}) as { readonly config?: unknown };
  return (content.config ?? {}) as Readonly<Record<string, unknown>>;
}
