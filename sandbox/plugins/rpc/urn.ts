/**
 * The type token in a URN, the last one of
 * `urn:pulumi:<stack>::<project>::<parent type>$<type>::<name>`.
 */
export function typeOfUrn(urn: string): string {
  const types = urn.split("::")[2] ?? "";
  return types.slice(types.lastIndexOf("$") + 1);
}

/** The resource's name in the program. */
export function nameOfUrn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
