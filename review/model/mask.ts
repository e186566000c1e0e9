import { isMap, text, type Fields } from "../../policy/core/fields";
import { findAssignment, findToken, isHarmless, isSecretName } from "../../policy/core/secret-text";
import { type FieldChange } from "./field-diff";
import { type StackObject } from "./snapshot";

/** What stands in the place of a secret value. */
export const secretMask = "[secret]";

/** Where an object keeps values that a report must not show, or may show only when they look harmless. */
type Holder = "secret" | "settings" | "other";

/** The fields of a change as a report may show them. */
export function maskFields(
  object: Pick<StackObject, "view">,
  changes: readonly FieldChange[],
): readonly FieldChange[] {
  const holder = holderOf(object);
  return changes.map(({ path, before, after }) => ({
    path,
    before: maskAt(path, before, holder),
    after: maskAt(path, after, holder),
  }));
}

/** A whole object as a report may show it. */
export function maskManifest(object: Pick<StackObject, "view">): Fields {
  const holder = holderOf(object);
  return Object.fromEntries(
    Object.entries(object.view.raw).map(([key, value]) => [key, maskAt(key, value, holder)]),
  );
}

/** Prose as a report may show it: a line with a secret in it is masked as a whole. */
export function maskText(prose: string): string {
  return prose
    .split("\n")
    .map((line) => (isSuspicious(line, "") ? secretMask : line))
    .join("\n");
}

function holderOf({ view }: Pick<StackObject, "view">): Holder {
  return view.is("Secret") ? "secret" : view.is("ConfigMap") ? "settings" : "other";
}

function maskAt(path: string, value: unknown, holder: Holder): unknown {
  const inData = /^(data|stringData|binaryData)(\.|\[|$)/.test(path);
  if (holder === "secret" && inData) {
    return maskAll(value);
  }
  const key = holder === "settings" && inData ? dataKey(path) : variableName(path);
  return maskSuspicious(value, key, holder === "settings" && inData);
}

/** Every text of a Secret's data; its keys stay. */
function maskAll(value: unknown): unknown {
  if (isMap(value)) {
    return mapValues(value, (item) => maskAll(item));
  }
  return value === undefined ? undefined : secretMask;
}

/** Texts that are secrets by their form, by the name of their variable, or by a name written before them. */
function maskSuspicious(value: unknown, key: string, keyed: boolean): unknown {
  if (typeof value === "string") {
    return isSuspicious(value, key) ? secretMask : value;
  }
  if (Array.isArray(value)) {
    return value.map((item: unknown) => maskSuspicious(item, "", keyed));
  }
  if (!isMap(value)) {
    return value;
  }
  const variable = text(value["name"]) ?? "";
  return mapValues(value, (item, name) =>
    maskSuspicious(item, keyed ? name : name === "value" ? variable : "", keyed),
  );
}

function isSuspicious(value: string, key: string): boolean {
  const named = key !== "" && isSecretName(key) && !isHarmless(value);
  return named || findToken(value, key) !== undefined || findAssignment(value) !== undefined;
}

function dataKey(path: string): string {
  const quoted = /^[a-zA-Z]+\["([^"]+)"\]/.exec(path)?.[1];
  return quoted ?? /^[a-zA-Z]+\.([^.[]+)/.exec(path)?.[1] ?? "";
}

/** The variable a value belongs to: `….env[DB_PASSWORD].value`. */
function variableName(path: string): string {
  return /\[([^[\]]+)\]\.value$/.exec(path)?.[1] ?? "";
}

function mapValues(map: Fields, change: (value: unknown, key: string) => unknown): Fields {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));
}
