import { actionWords, type Change } from "../model/change";
import { isNoise } from "../model/noise";
import { type FieldChange } from "../model/field-diff";
import { titleOf } from "../model/snapshot";

/** The heading of a change: `updated Deployment shop/orders`. */
export function changeTitle({ action, object }: Change): string {
  return `${actionWords[action]} ${titleOf(object)}`;
}

/** Where an object comes from: its chart, else its component. */
export function originOf({ object }: Change): string {
  if (object.chart !== null) {
    return `chart ${object.chart}`;
  }
  return object.component?.split("::").at(-1) ?? "";
}

/** The fields a reader wants to see, and those that only follow from other changes. */
export function splitNoise({ fields, options }: Change): {
  readonly telling: readonly FieldChange[];
  readonly noise: readonly FieldChange[];
} {
  return {
    telling: [...options, ...fields.filter((field) => !isNoise(field))],
    noise: fields.filter(isNoise),
  };
}

/** A duration as a person reads it: `45 s`, `6 min`. */
export function durationText(seconds: number | undefined): string {
  if (seconds === undefined) {
    return "unknown";
  }
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}

/** A number with its noun: `1 field`, `3 fields`. */
export function counted(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`;
}
