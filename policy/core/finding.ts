import { type Action, type Severity } from "./rule";

/** One violation, as `policy check --format json` prints it. */
export interface Finding {
  /** Id of the rule. */
  readonly rule: string;
  readonly severity: Severity;
  readonly enforcement: Exclude<Action, "off">;
  /** File as given on the command line, `-` for standard input, empty in memory. */
  readonly file: string;
  /** Index among the non-empty documents of the file, from 0. */
  readonly document: number;
  readonly kind: string;
  /** Namespace as written, empty when there is none. */
  readonly namespace: string;
  readonly name: string;
  /** Container the finding is about, empty when it is about the object. */
  readonly container: string;
  /** Path of the field inside its document. */
  readonly path: string;
  /** What the field holds, as short text; `missing` when it is not set. */
  readonly found: string;
  /** One line: what is wrong and what is wanted. */
  readonly message: string;
  /** What to change. */
  readonly fix: string;
}

/** Rule id of a document that cannot be read. */
export const INVALID_DOCUMENT = "invalid-document";
/** Rule id of a rule that failed itself. */
export const RULE_ERROR = "rule-error";
/** Rule id of a field the engine does not know yet. */
export const UNKNOWN_VALUE = "unknown-value";
/** Rule id of an exemption past its date. */
export const EXEMPTION_EXPIRED = "exemption-expired";
/** Rule id of the list of exemptions at the end of an engine run. */
export const EXEMPTIONS_USED = "exemptions";

const LONGEST = 80;

/** Short text for a value found in a manifest. */
export function show(value: unknown): string {
  if (value === undefined) {
    return "missing";
  }
  const written = typeof value === "string" ? value : safeJson(value);
  const line = written.replace(/\s+/g, " ");
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

// Aliases can make a document refer to itself; a value that JSON cannot hold is named by its type.
function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return Array.isArray(value) ? "a list" : "a map";
  }
}
