/**
 * Remembers an answer per list, as the stack's indices give alike selectors the same list: a question about a
 * thousand objects is then asked once.
 */
export function perList<Item, Value>(
  answer: (items: readonly Item[]) => Value,
): (items: readonly Item[]) => Value {
  const known = new Map<readonly Item[], { readonly value: Value }>();
  return (items) => {
    let found = known.get(items);
    if (found === undefined) {
      found = { value: answer(items) };
      known.set(items, found);
    }
    return found.value;
  };
}
