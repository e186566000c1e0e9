/** A name of the code for a name of Kubernetes: `orderDesk` for `order-desk`. */
export function camelCase(name: string): string {
  const joined = name.replace(/-+(.)/g, (_, letter: string) => letter.toUpperCase());
  return /^[0-9]/.test(joined) ? `_${joined}` : joined;
}

/** A name of an environment for a name of Kubernetes: `ORDER_DESK` for `order-desk`. */
export function upperSnake(name: string): string {
  return name.toUpperCase().replaceAll("-", "_");
}

/** A sentence for a name of Kubernetes: `Order desk.` for `order-desk`. */
export function sentence(name: string): string {
  const words = name.replaceAll("-", " ");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

/** The name, or the name and a number where it is taken. */
export function free(name: string, taken: ReadonlySet<string>): string {
  let found = name;
  for (let number = 2; taken.has(found) || reserved.has(found); number += 1) {
    found = `${name}${String(number)}`;
  }
  return found;
}

/** What no variable of a module may be called; a service may. */
const reserved = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export " +
    "extends false finally for function if implements import in instanceof interface let new null package " +
    "private protected public return static super switch this throw true try typeof var void while with yield " +
    // What every declaration file imports.
    "application service job scheduledJob statefulService nodeService database bucket stream external secret"
  ).split(" "),
);
