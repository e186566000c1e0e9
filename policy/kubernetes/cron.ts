/** One field of a cron expression. */
interface CronField {
  readonly name: string;
  readonly lowest: number;
  readonly highest: number;
  /** Names that stand for numbers, in order from `lowest`. */
  readonly names: readonly string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const FIELDS: readonly CronField[] = [
  { name: "minute", lowest: 0, highest: 59, names: [] },
  { name: "hour", lowest: 0, highest: 23, names: [] },
  { name: "day of month", lowest: 1, highest: 31, names: [] },
  { name: "month", lowest: 1, highest: 12, names: MONTHS },
  { name: "day of week", lowest: 0, highest: 6, names: DAYS },
];

const DESCRIPTORS = [
  "@yearly",
  "@annually",
  "@monthly",
  "@weekly",
  "@daily",
  "@midnight",
  "@hourly",
];
const EVERY = /^@every\s+(\d+(\.\d+)?(h|ms|m|s|us|µs|ns))+$/;

/**
 * What is wrong with a CronJob's schedule; undefined when the controller accepts it.
 * https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
 */
export function cronFlaw(schedule: string): string | undefined {
  const written = schedule.trim();
  if (/^(CRON_)?TZ=/.test(written)) {
    return "without a time zone, which belongs into spec.timeZone";
  }
  if (written.startsWith("@")) {
    const known = DESCRIPTORS.includes(written) || EVERY.test(written);
    return known ? undefined : `one of ${DESCRIPTORS.join(", ")} or @every <duration>`;
  }
  const parts = written.split(/\s+/);
  if (parts.length !== FIELDS.length) {
    return "five fields: minute, hour, day of month, month, day of week";
  }
  const wrong = FIELDS.find((field, index) => !isFieldValid(parts[index] ?? "", field));
  return wrong === undefined
    ? undefined
    : `with a ${wrong.name} from ${wrong.lowest} to ${wrong.highest}`;
}

function isFieldValid(written: string, field: CronField): boolean {
  return written.split(",").every((range) => isRangeValid(range, field));
}

function isRangeValid(range: string, field: CronField): boolean {
  const [span = "", interval, ...rest] = range.split("/");
  if (rest.length > 0 || (interval !== undefined && !/^[1-9]\d*$/.test(interval))) {
    return false;
  }
  if (span === "*" || span === "?") {
    return true;
  }
  const ends = span.split("-").map((end) => valueOf(end, field));
  const [first, last = first] = ends;
  return ends.length <= 2 && first !== undefined && last !== undefined && first <= last;
}

function valueOf(end: string, { lowest, highest, names }: CronField): number | undefined {
  const named = names.indexOf(end.toLowerCase());
  const value = named === -1 ? (/^\d+$/.test(end) ? Number(end) : undefined) : named + lowest;
  return value !== undefined && value >= lowest && value <= highest ? value : undefined;
}
