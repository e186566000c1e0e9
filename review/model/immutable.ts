import { immutableFields, type ImmutableField } from "../../components/kit/immutable-fields";
import { list } from "../../policy/core/fields";
import { parseQuantity } from "../../policy/core/quantity";
import { type FieldChange } from "./field-diff";
import { type StackObject } from "./snapshot";

/** An edit of a field that the API server does not let anyone change. */
export interface ImmutableEdit extends Pick<ImmutableField, "outcome" | "why" | "safePath"> {
  /** The field, as the difference names it. */
  readonly path: string;
}

const isMarkedImmutable = ({ view }: StackObject): boolean => view.raw["immutable"] === true;

/** The edits of fields that cannot change. */
export function immutableEdits(
  before: StackObject,
  after: StackObject,
  changes: readonly FieldChange[],
): readonly ImmutableEdit[] {
  const applicable = immutableFields.filter(
    ({ kinds, onlyMarked = false }) =>
      (kinds === undefined || kinds.some((kind) => after.view.is(kind))) &&
      (!onlyMarked || isMarkedImmutable(before)),
  );
  const edits = changes.flatMap(({ path }) =>
    applicable
      .filter(({ paths }) => paths.some((fixed) => isWithin(path, fixed)))
      .map(({ outcome, why, safePath }) => ({ path, outcome, why, safePath })),
  );
  return [...edits, ...shrunkClaims(after, changes)];
}

/** Says whether a path is a field or something below it. */
export function isWithin(path: string, field: string): boolean {
  return path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`);
}

/** A volume grows where its class allows it, and never shrinks. */
function shrunkClaims(
  { view }: StackObject,
  changes: readonly FieldChange[],
): readonly ImmutableEdit[] {
  if (!view.is("PersistentVolumeClaim")) {
    return [];
  }
  return changes
    .filter(({ path }) => path === "spec.resources.requests.storage")
    .filter(({ before, after }) => (parseQuantity(after) ?? 0) < (parseQuantity(before) ?? 0))
    .map(({ path }) => ({
      path,
      outcome: "refused" as const,
      why: "a volume cannot shrink",
      safePath: "Make a smaller claim, copy the data with a Job, and point the workload to it.",
    }));
}

/** The claim templates of a StatefulSet. */
export function claimTemplates({ view }: StackObject): readonly unknown[] {
  return view.is("StatefulSet") ? list(view.spec["volumeClaimTemplates"]) : [];
}
