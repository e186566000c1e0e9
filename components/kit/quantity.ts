/**
 * A Kubernetes quantity as it is written in a manifest: `"500m"`, `"2"`, `"1.5Gi"`.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export type Quantity = string;

const multipliers: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const pattern = /^([0-9]+(?:\.[0-9]+)?)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][0-9]+)?$/;

/** Says whether a text is a quantity that Kubernetes accepts for a resource. */
export function isQuantity(text: string): boolean {
  return pattern.test(text);
}

/**
 * Gives the amount a quantity stands for, in its base unit (cores, bytes).
 * @throws when the text is not a quantity; the message names it and shows the form.
 */
export function parseQuantity(text: Quantity): number {
  const match = pattern.exec(text);
  if (match === null) {
    throw new Error(`"${text}" is not a quantity; write it like "500m", "2", "256Mi" or "1.5Gi".`);
  }
  const [, digits = "0", suffix = ""] = match;
  const exponent = /^[eE]([0-9]+)$/.exec(suffix);
  const factor = exponent === null ? (multipliers[suffix] ?? 1) : 10 ** Number(exponent[1]);
  return Number(digits) * factor;
}

/**
 * Says whether a quantity is a whole number of bytes, as memory and folders need it: the API server warns
 * of a fraction such as that of `"1.3Gi"`, and rounds it.
 */
export function isWholeBytes(text: Quantity): boolean {
  const bytes = parseQuantity(text);
  // Decimal fractions of a unit are not exact.
  return Math.abs(bytes - Math.round(bytes)) <= bytes * 1e-12;
}
