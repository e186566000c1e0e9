/**
 * Exactly one of the fields of `T`. A plain union of objects would let two of them stand side by
 * side, because each is a known field of some member.
 *
 * @example
 * type Scaling = OneOf<{ fixed: number; hpa: { min: number; max: number } }>;
 */
export type OneOf<T> = {
  [Key in keyof T]: Pick<T, Key> & { readonly [Other in Exclude<keyof T, Key>]?: never };
}[keyof T];
