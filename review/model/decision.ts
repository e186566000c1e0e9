import { steps } from "../../policy/core/fields";
import { type FieldChange } from "./field-diff";
import { type ImmutableEdit } from "./immutable";
import { secretMask } from "./mask";

/** What the engine does with an object that both versions have, as its preview says. */
export interface Decision {
  /** Whether the object stays, is changed in place, or is made anew. */
  readonly op: "same" | "update" | "replace";
  /** Every field that the provider found different, list items by their index. */
  readonly edits: readonly { readonly path: string; readonly replaces: boolean }[];
  /** Why it is made anew when no field of its own asks for that; undefined when a field does. */
  readonly cause: "provider" | "mark" | "dependency" | undefined;
}

/**
 * Fields that the engine knows to differ although both versions look alike: their values are secrets, which
 * are masked in both.
 */
export function secretEdits(
  { edits }: Decision,
  before: unknown,
  after: unknown,
): readonly FieldChange[] {
  const paths = edits.map(({ path }) => path).filter((path) => isMasked(before, path));
  return paths
    .filter((path) => isMasked(after, path))
    .map((path) => ({ path, before: secretMask, after: secretMask }));
}

/**
 * The fields of a Secret whose values are only known after the update: the provider turns `stringData` into `data` once
 * it knows them, so that one content looks like one field that goes and another that comes.
 */
export function joinSecretData(changes: readonly FieldChange[]): readonly FieldChange[] {
  const goes = changes.find(({ path, before }) => path === "data" && before === secretMask);
  const comes = changes.find(({ path, after }) => path === "stringData" && after === secretMask);
  return goes === undefined || comes === undefined
    ? changes
    : changes.flatMap((change) =>
        change === comes ? [] : change === goes ? [{ ...goes, after: secretMask }] : [change],
      );
}

/** Says whether a field, or what holds it, is a masked secret. */
function isMasked(object: unknown, path: string): boolean {
  let value = object;
  for (const key of steps(path)) {
    if (value === secretMask) {
      return true;
    }
    value =
      typeof value === "object" && value !== null
        ? (value as Readonly<Record<string, unknown>>)[key]
        : undefined;
  }
  return value === secretMask;
}

const causes: Readonly<
  Record<NonNullable<Decision["cause"]>, Pick<ImmutableEdit, "path" | "why" | "safePath">>
> = {
  provider: {
    path: "(provider)",
    why: "its provider is replaced, and with it every object that it made",
    safePath:
      "Keep the provider's cluster and its name, or move the objects in a stack of their own.",
  },
  mark: {
    path: "(mark)",
    why: "somebody marked it for replacement",
    safePath: "Take the mark away with: pulumi state untaint",
  },
  dependency: {
    path: "(dependency)",
    why: "something it depends on is deleted before it is made anew",
    safePath: "",
  },
};

/**
 * The edits that make the engine replace an object. The engine decides; what we know of the field says why and
 * what to do instead.
 */
export function decidedEdits(
  { op, edits, cause }: Decision,
  known: readonly ImmutableEdit[],
): readonly ImmutableEdit[] {
  const refused = known.filter(({ outcome }) => outcome === "refused");
  if (op !== "replace") {
    return refused;
  }
  const explained = known.filter(({ outcome }) => outcome === "replaced");
  if (explained.length > 0) {
    return [...refused, ...explained];
  }
  const forced = edits.filter(({ replaces }) => replaces);
  if (forced.length > 0) {
    return [
      ...refused,
      ...forced.map(({ path }) => ({
        path,
        outcome: "replaced" as const,
        why: "the program or its provider asks for it",
        safePath: "",
      })),
    ];
  }
  return [...refused, { ...causes[cause ?? "dependency"], outcome: "replaced" }];
}
