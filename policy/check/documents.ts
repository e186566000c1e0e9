import {
  binaryTag,
  CORE_SCHEMA,
  defineScalarTag,
  loadAll,
  mergeTag,
  NOT_RESOLVED,
  YAMLException,
} from "js-yaml";

/** One document of a file, with the text it was read from. */
export interface Document {
  /** Index among the non-empty documents of the file, from 0. */
  readonly index: number;
  /** Line of the file its text starts on, from 0. */
  readonly line: number;
  readonly text: string;
  /** The content, undefined when it could not be read. */
  readonly content: unknown;
  /** Why it could not be read, and where. */
  readonly problem: { readonly reason: string; readonly line: number } | undefined;
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map(
  [true, false].flatMap((value) =>
    (value ? ["true", "yes", "on"] : ["false", "no", "off"]).flatMap((word) =>
      [word, word.toUpperCase(), word.charAt(0).toUpperCase() + word.slice(1)].map(
        (written) => [written, value] as const,
      ),
    ),
  ),
);

// kubectl reads the booleans of YAML 1.1 (yes, on), so `hostNetwork: yes` is true. The single letters y and n
// stay text, as they are far more often the name of a field.
const booleanTag = defineScalarTag("tag:yaml.org,2002:bool", {
  implicit: true,
  implicitFirstChars: [...new Set([...BOOLEANS.keys()].map((word) => word.charAt(0)))],
  resolve: (source) => BOOLEANS.get(source) ?? NOT_RESOLVED,
  identify: (data) => typeof data === "boolean",
});

const SCHEMA = CORE_SCHEMA.withTags(booleanTag, mergeTag, binaryTag);

// Bounds against hostile files: nothing a person writes comes near them.
const LIMITS = { maxDepth: 200, maxAliases: 1000, maxTotalMergeKeys: 10_000 };

/** Values an alias bomb may unfold to; a chart of a thousand objects has about half a million. */
const MOST_VALUES = 20_000_000;

// The marker stands at the start of a line and cannot occur there in any scalar (YAML 1.2.2, rule c-forbidden).
const MARKER = /^---(?=[ \t\r\n]|$)/gm;

/** Reads every document of a file; one that is broken does not hide the others. */
export function* readDocuments(text: string): Generator<Document> {
  let index = 0;
  for (const part of split(text.replace(/^\uFEFF/, "")).flatMap(splitJson)) {
    const { contents, problem } = parse(part.text);
    for (const content of contents) {
      yield { index, ...part, content, problem: undefined };
      index += 1;
    }
    if (problem !== undefined) {
      yield {
        index,
        ...part,
        content: undefined,
        problem: { ...problem, line: part.line + problem.line },
      };
      index += 1;
    }
  }
}

interface Parsed {
  readonly contents: readonly unknown[];
  readonly problem: Document["problem"];
}

function parse(text: string): Parsed {
  try {
    const contents = loadAll(text, { schema: SCHEMA, ...LIMITS }).filter(
      (content) => (content ?? undefined) !== undefined,
    );
    // An alias repeats what it names: a few lines can unfold to billions of values.
    if (text.includes("*") && countValues(contents, MOST_VALUES) > MOST_VALUES) {
      return {
        contents: [],
        problem: { reason: `its aliases unfold to more than ${MOST_VALUES} values`, line: 0 },
      };
    }
    return { contents, problem: undefined };
  } catch (error) {
    return { contents: [], problem: problemOf(error) };
  }
}

function problemOf(error: unknown): { reason: string; line: number } {
  if (error instanceof YAMLException) {
    return { reason: error.reason, line: error.mark?.line ?? 0 };
  }
  return { reason: error instanceof Error ? error.message : String(error), line: 0 };
}

/** Counts values as a walk would meet them, each size once; stops at the limit. */
function countValues(value: unknown, limit: number, sizes = new Map<object, number>()): number {
  if (typeof value !== "object" || value === null) {
    return 1;
  }
  const known = sizes.get(value);
  if (known !== undefined) {
    return known;
  }
  // Infinite until proven otherwise: an object that holds itself never ends.
  sizes.set(value, Number.POSITIVE_INFINITY);
  let total = 1;
  for (const item of Object.values(value)) {
    total += countValues(item, limit, sizes);
    if (total > limit) {
      return total;
    }
  }
  sizes.set(value, total);
  return total;
}

/** Cuts a file at its document markers; directives stay with the document they belong to. */
function split(text: string): Part[] {
  const starts = [0, ...[...text.matchAll(MARKER)].map(({ index }) => index)];
  const parts: Part[] = [];
  let line = 0;
  let directives = "";
  for (const [position, start] of starts.entries()) {
    const part = text.slice(start, starts[position + 1]);
    if (onlyDirectives(part)) {
      directives = part;
    } else {
      parts.push({ text: directives + part, line: line - countLines(directives) });
      directives = "";
    }
    line += countLines(part);
  }
  return parts;
}

/** A piece of a file. */
interface Part {
  readonly text: string;
  /** Line of the file it starts on, from 0. */
  readonly line: number;
}

/** Cuts JSON objects that follow each other, as `jq '.items[]'` writes them and kubectl reads them. */
function splitJson(part: Part): readonly Part[] {
  const ends = objectEnds(part.text);
  const [first] = ends;
  // A document of YAML may hold braces in its texts and comments; then its beginning is no JSON.
  if (first === undefined || ends.length < 2 || !isJson(part.text.slice(0, first))) {
    return [part];
  }
  let { line } = part;
  return ends.map((end, index) => {
    const last = index === ends.length - 1;
    const text = part.text.slice(index === 0 ? 0 : ends[index - 1], last ? undefined : end);
    const cut = { text, line };
    line += countLines(text);
    return cut;
  });
}

// A text that does not end reaches to the end of the file, so that nothing is looked at twice.
const TEXT_OR_BRACE = /"[^"\\]*(?:\\[^]?[^"\\]*)*(?:"|$)|[{}]/g;

/** Where the objects of a JSON text end that are in no other; none for what does not begin with an object. */
function objectEnds(text: string): readonly number[] {
  const ends: number[] = [];
  if (!/^\s*\{/.test(text)) {
    return ends;
  }
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(TEXT_OR_BRACE)) {
    if (token === "{") {
      depth += 1;
    } else if (token === "}") {
      depth -= 1;
      if (depth === 0) {
        ends.push(index + 1);
      }
    }
  }
  return ends;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function onlyDirectives(part: string): boolean {
  return (
    /^%/m.test(part) &&
    part.split("\n").every((line) => line.startsWith("%") || /^\s*(?:#|$)/.test(line))
  );
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) {
    count += 1;
  }
  return count;
}
