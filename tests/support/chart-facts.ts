import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";

/** The real charts' own files, beside the checkout: facts to test against, not part of the project. */
const folder = resolve(__dirname, "../../../shared/charts");

/** A file of a real chart. */
export interface ChartFact {
  readonly path: string;
  read(): string;
}

/** The real charts' files whose path in the folder matches; none where the folder is absent. */
export function chartFacts(pattern: RegExp): readonly ChartFact[] {
  return !existsSync(folder)
    ? []
    : readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((path) => pattern.test(path))
        .sort()
        .map((path) => ({ path, read: () => readFileSync(join(folder, path), "utf8") }));
}

/**
 * Finds a file of a real chart; where the folder is absent, the running test is skipped and says why.
 */
export function chartFact(context: Mocha.Context, chart: string, file: string): ChartFact {
  const path = join(folder, chart, file);
  if (!existsSync(path)) {
    console.info(`      ${chart}/${file} of the real chart is not on this machine: not compared`);
    return context.skip();
  }
  return { path, read: () => readFileSync(path, "utf8") };
}

/** A stand-in chart's `values.yaml`: the keys of the real chart, where its own files are not on this machine. */
export function standInValues(chart: string): string {
  return readFileSync(resolve(__dirname, "../../sandbox/charts", chart, "values.yaml"), "utf8");
}

/**
 * The keys of our values that the chart's own values.yaml does not know, as paths.
 *
 * A map or list that is empty there is open, as is what the chart passes on to Kubernetes as it is. A
 * key that stands in a comment is documented too.
 */
export function unknownKeys(ours: unknown, valuesYaml: string): readonly string[] {
  const passedOn = /^(resources|(pod|container)?SecurityContext)$/i;
  const commented = new Set(
    [...valuesYaml.matchAll(/^\s*#+\s*-?\s*([A-Za-z0-9_-]+):/gm)].map(([, key]) => key),
  );
  return walk(ours, parse(valuesYaml), []);

  function walk(mine: unknown, theirs: unknown, path: readonly string[]): readonly string[] {
    if (!isMap(mine) || !isMap(theirs) || Object.keys(theirs).length === 0) {
      return [];
    }
    return Object.entries(mine).flatMap(([key, value]) => {
      if (key in theirs) {
        return passedOn.test(key) ? [] : walk(value, theirs[key], [...path, key]);
      }
      return commented.has(key) ? [] : [[...path, key].join(".")];
    });
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
