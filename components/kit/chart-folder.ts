import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";

/** Says whether a folder holds a chart. */
export function isChartFolder(folder: string): boolean {
  return existsSync(join(folder, "Chart.yaml"));
}

/** A file of a chart with Helm hooks. */
export interface HookFile {
  /** The file, from the chart's folder. */
  readonly file: string;
  /** The phases it names, as they are written. */
  readonly phases: string;
}

/**
 * The files of a chart's folder that have Helm hooks, those of its unpacked subcharts too. Test hooks are
 * left out: `helm test` alone runs them.
 * @see https://helm.sh/docs/topics/charts_hooks/
 */
export function hookFiles(folder: string): readonly HookFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.parentPath.includes("templates"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .flatMap((path) => {
      const phases = phasesIn(readFileSync(path, "utf8"));
      return phases.length === 0
        ? []
        : [{ file: relative(folder, path), phases: phases.join(", ") }];
    });
}

function phasesIn(template: string): readonly string[] {
  const written = template.matchAll(/["']?helm\.sh\/hook["']?\s*:\s*["']?([^"'\n]+)/g);
  return [...new Set([...written].flatMap(([, phases = ""]) => phases.split(/,\s*/)))]
    .map((phase) => phase.trim())
    .filter((phase) => !/^test(-success|-failure)?$/.test(phase));
}
