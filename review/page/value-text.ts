/** A value on one line, as a report shows it; long ones are cut. */
export function valueText(value: unknown, longest = 300): string {
  if (value === undefined) {
    return "(not set)";
  }
  const written = typeof value === "string" ? value : JSON.stringify(value);
  const line = written === "" ? '""' : written.replace(/\s+/g, " ");
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
