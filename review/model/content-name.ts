import { type StackObject } from "./snapshot";

// A name made of content ends in the start of a hash (components/kit/config-map.ts), at least one digit of which
// tells it from a word.
const pattern = /^(.+)-(?=[0-9a-f]*[0-9])([0-9a-f]{8,16})$/;

/** Kinds that the program names by their content; nothing that holds data is among them. */
const kinds = ["ConfigMap", "Secret", "Job"];

/** What a name that ends in a hash of its content starts with; undefined for any other name. */
export function contentBase(name: string): string | undefined {
  return pattern.exec(name)?.[1];
}

/** What all versions of an object that is named by its content share; undefined for any other object. */
export function contentIdentity({ view }: StackObject): string | undefined {
  const base = kinds.some((kind) => view.is(kind)) ? contentBase(view.name) : undefined;
  return base === undefined ? undefined : [view.group, view.kind, view.namespace, base].join("/");
}
