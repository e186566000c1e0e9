import fc from "fast-check";
import type { Duration } from "../../../components/kit/duration";
import type { Quantity } from "../../../components/kit/quantity";
import type { ResourceProfile } from "../../../components/kit/resources";

/** A DNS label; now and then as long as one may be. */
export const dnsLabel: fc.Arbitrary<string> = fc.oneof(
  { weight: 25, arbitrary: fc.stringMatching(/^[a-z]([a-z0-9-]{0,10}[a-z0-9])?$/) },
  { weight: 1, arbitrary: fc.stringMatching(/^[a-z][a-z0-9-]{38,61}[a-z0-9]$/) },
);

/** A word of a few letters. */
export const word = fc.stringMatching(/^[a-z]{1,8}$/);

/** A text that a person might write, and now and then one that nobody would. */
export const text = fc.oneof(
  { weight: 6, arbitrary: word },
  { weight: 2, arbitrary: fc.string({ maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 6 }) },
);

/** The name of an environment variable; now and then one that only some programs can read. */
export const envName = fc.oneof(
  { weight: 50, arbitrary: fc.stringMatching(/^[A-Z][A-Z0-9_]{0,8}$/) },
  { weight: 1, arbitrary: text },
);

/** The key of a ConfigMap, and so the name of a file; now and then one that cannot be either. */
export const fileName = fc.oneof(
  { weight: 50, arbitrary: fc.stringMatching(/^[a-z]{1,6}\.(yaml|json|conf)$/) },
  { weight: 1, arbitrary: text },
);

/** The path of a folder; now and then one that another place of the same pod has, too. */
export const folder = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom("/data", "/Data", "/tmp") },
  { weight: 4, arbitrary: fc.stringMatching(/^(\/[a-z0-9]{2,9}){1,3}$/) },
  { weight: 3, arbitrary: fc.stringMatching(/^(\/[A-Za-z0-9._-]{1,12}){1,4}$/) },
  { weight: 1, arbitrary: fc.stringMatching(/^(\/[a-z]{12,20}){3,4}$/) },
);

/** A duration between two numbers of seconds, in the longest unit that says it. */
export function duration(shortest: number, longest: number): fc.Arbitrary<Duration> {
  return fc.integer({ min: shortest, max: longest }).map((seconds): Duration => {
    const minutes = seconds / 60;
    return Number.isInteger(minutes) && minutes > 0
      ? (`${String(minutes)}m` as Duration)
      : (`${String(seconds)}s` as Duration);
  });
}

/** An amount of bytes. */
export const size: fc.Arbitrary<Quantity> = fc
  .tuple(fc.integer({ min: 1, max: 512 }), fc.constantFrom("Mi", "M", "Gi"))
  .map(([amount, unit]) => `${String(amount)}${unit}`);

/** The value of a metric to aim at. */
export const average: fc.Arbitrary<Quantity> = fc
  .tuple(fc.integer({ min: 1, max: 5000 }), fc.constantFrom("", "m", "k"))
  .map(([amount, unit]) => `${String(amount)}${unit}`);

/** What a container uses, in whatever units. */
export const resources: fc.Arbitrary<ResourceProfile> = fc
  .record({
    milli: fc.integer({ min: 1, max: 4000 }),
    inCores: fc.boolean(),
    cpuPeak: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }),
    amount: fc.integer({ min: 10, max: 4000 }),
    unit: fc.constantFrom("Mi", "M", "Ki", "000k"),
    memoryPeak: fc.option(fc.integer({ min: 11, max: 29 }), { nil: undefined }),
    guaranteed: fc.boolean(),
  })
  .map(({ milli, inCores, cpuPeak, amount, unit, memoryPeak, guaranteed }) => {
    const cores = (factor: number): Quantity =>
      inCores ? String((milli * factor) / 1000) : `${String(milli * factor)}m`;
    const bytes = (tenths: number): Quantity =>
      `${String(Math.ceil((amount * tenths) / 10))}${unit}`;
    const peak = {
      ...(cpuPeak === undefined ? {} : { cpu: cores(cpuPeak) }),
      ...(memoryPeak === undefined ? {} : { memory: bytes(memoryPeak) }),
    };
    return {
      typical: { cpu: cores(1), memory: bytes(10) },
      ...(Object.keys(peak).length === 0 ? {} : { peak }),
      ...(guaranteed ? { guaranteed } : {}),
    };
  });

/** Keys with values of the one kind, at most a few. */
export function few<Value>(
  keys: fc.Arbitrary<string>,
  values: fc.Arbitrary<Value>,
): fc.Arbitrary<Record<string, Value>> {
  return fc.dictionary(keys, values, { maxKeys: 3, noNullPrototype: true });
}
