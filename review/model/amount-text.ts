import { type AmountName } from "./footprint";

/** An amount as a person writes it: `3`, `0.25 cores`, `1.5 GiB`. */
export function amountText(name: AmountName, value: number): string {
  if (name === "pods") {
    return String(value);
  }
  return name.startsWith("cpu") ? coresText(value) : bytesText(value);
}

function coresText(value: number): string {
  const cores = round(value);
  return `${cores} ${cores === "1" ? "core" : "cores"}`;
}

function bytesText(value: number): string {
  const gibibyte = 2 ** 30;
  return value >= gibibyte
    ? `${round(value / gibibyte)} GiB`
    : `${Math.round(value / 2 ** 20)} MiB`;
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}
