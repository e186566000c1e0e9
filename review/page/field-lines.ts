import { diffArrays, structuredPatch } from "diff";
import { type FieldChange } from "../model/field-diff";
import { valueText } from "./value-text";

/** One line of a difference. */
export interface DiffLine {
  /** `-` goes, `+` comes, a blank is context, `@` names the field of the lines after it. */
  readonly sign: "-" | "+" | " " | "@";
  /** The line without its sign. */
  readonly text: string;
}

/** Lines around a change of a longer text. */
const context = 2;

/** The lines that show how a field changes. */
export function fieldLines({ path, before, after }: FieldChange): readonly DiffLine[] {
  if (isLong(before) && isLong(after)) {
    return [{ sign: "@", text: path }, ...textLines(before, after)];
  }
  if (isLongList(before) && isLongList(after)) {
    return [{ sign: "@", text: path }, ...listLines(before, after)];
  }
  return [
    ...(before === undefined ? [] : valueLines("-", path, before)),
    ...(after === undefined ? [] : valueLines("+", path, after)),
  ];
}

function isLong(value: unknown): value is string {
  return typeof value === "string" && value.trimEnd().includes("\n");
}

/** Lists that are written on one line only when they are short. */
const shortList = 60;

function isLongList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && JSON.stringify(value).length > shortList;
}

function listLines(before: readonly unknown[], after: readonly unknown[]): readonly DiffLine[] {
  const parts = diffArrays(
    before.map((item) => valueText(item)),
    after.map((item) => valueText(item)),
  );
  return parts
    .filter(({ added, removed }) => added || removed)
    .flatMap(({ added, value }) =>
      value.map((text) => ({ sign: added ? ("+" as const) : ("-" as const), text })),
    );
}

function valueLines(sign: "-" | "+", path: string, value: unknown): readonly DiffLine[] {
  if (!isLong(value)) {
    return [{ sign, text: `${path}: ${valueText(value)}` }];
  }
  const lines = value.trimEnd().split("\n");
  return [{ sign: "@", text: path }, ...lines.map((text) => ({ sign, text }))];
}

function textLines(before: string, after: string): readonly DiffLine[] {
  const { hunks } = structuredPatch("", "", before, after, "", "", { context });
  return hunks.flatMap(({ lines }, index) => [
    ...(index === 0 ? [] : [{ sign: " " as const, text: "…" }]),
    ...lines
      .filter((line) => !line.startsWith("\\"))
      .map((line) => ({ sign: signOf(line), text: line.slice(1) })),
  ]);
}

function signOf(line: string): DiffLine["sign"] {
  return line.startsWith("-") ? "-" : line.startsWith("+") ? "+" : " ";
}
