import { format, resolveConfig } from "prettier";
import ts from "typescript";
import { Failure } from "../../sandbox/terminal/failure";
import type { Digest } from "./helm";

/** What changes of one chart in the table. */
export interface TableEdit {
  /** Its exact version. @default - it stays */
  readonly version?: string;
  /** The digest of its archive. */
  readonly digest: Digest;
}

/**
 * The text of the table of charts with other versions and digests; what else it says stays as it is.
 * @param path where the text comes from, which decides how it is laid out
 */
export async function editTable(
  text: string,
  path: string,
  edits: Readonly<Record<string, TableEdit>>,
): Promise<string> {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const replacements = Object.entries(edits).flatMap(([chart, edit]) =>
    replacementsIn(entryOf(source, chart), edit, source),
  );
  const edited = replacements
    .sort((left, right) => right.start - left.start)
    .reduce(
      (changed, { start, end, text: by }) => changed.slice(0, start) + by + changed.slice(end),
      text,
    );
  return format(edited, { ...(await resolveConfig(path)), parser: "typescript" });
}

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function replacementsIn(
  entry: ts.ObjectLiteralExpression,
  { version, digest }: TableEdit,
  source: ts.SourceFile,
): readonly Replacement[] {
  const present = propertyOf(entry, "version");
  const locked = propertyOf(entry, "digest");
  if (present === undefined) {
    throw new Failure(`${source.fileName}: a chart has no version.`, "Give it one.");
  }
  const literal = (property: ts.PropertyAssignment, value: string): Replacement => ({
    start: property.initializer.getStart(source),
    end: property.initializer.getEnd(),
    text: JSON.stringify(value),
  });
  return [
    ...(version === undefined ? [] : [literal(present, version)]),
    locked === undefined
      ? {
          start: present.getEnd(),
          end: present.getEnd(),
          text: `,\n    digest: ${JSON.stringify(digest)}`,
        }
      : literal(locked, digest),
  ];
}

/** The entry of a chart: an object in the object that is the file's constant `charts`. */
function entryOf(source: ts.SourceFile, chart: string): ts.ObjectLiteralExpression {
  const table = source.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => declarationList.declarations)
    .find(({ name }) => name.getText(source) === "charts")?.initializer;
  const entry = table && propertyOf(literalIn(table), chart)?.initializer;
  if (entry === undefined || !ts.isObjectLiteralExpression(entry)) {
    throw new Failure(
      `${source.fileName} has no chart "${chart}" that could be changed.`,
      "Keep the table as one object of objects.",
    );
  }
  return entry;
}

function literalIn(expression: ts.Expression): ts.ObjectLiteralExpression | undefined {
  if (ts.isObjectLiteralExpression(expression)) {
    return expression;
  }
  return ts.isSatisfiesExpression(expression) || ts.isAsExpression(expression)
    ? literalIn(expression.expression)
    : undefined;
}

function propertyOf(
  literal: ts.ObjectLiteralExpression | undefined,
  name: string,
): ts.PropertyAssignment | undefined {
  return literal?.properties
    .filter(ts.isPropertyAssignment)
    .find(
      (property) =>
        (ts.isIdentifier(property.name) || ts.isStringLiteral(property.name)) &&
        property.name.text === name,
    );
}
