import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChartCoordinates } from "../../components/kit/chart";
import { Failure } from "../../sandbox/terminal/failure";
import { table } from "../table";
import { digestOf, type Helm } from "./helm";
import { hookProblems, type ChartHooks } from "./hooks";
import { editTable, type TableEdit } from "./table";

/** The table of charts, by the names it gives them. */
export type ChartTable = Readonly<Record<string, ChartCoordinates>>;

/** What the commands work with. */
export interface Charts {
  readonly table: ChartTable;
  /** The hooks that are known of each chart, by the table's names. */
  readonly hooks: Readonly<Record<string, ChartHooks>>;
  readonly helm: Pick<Helm, "pull" | "newest" | "metadata">;
  /** The path of the file that holds the table. */
  readonly file: string;
  readonly print: (text: string) => void;
  /** Another place that serves every chart: a folder, `https://` or `oci://`. @default - their own repositories */
  readonly mirror?: string;
}

/**
 * Pulls every chart and records the digests that the table lacks.
 * @returns the exit code: 1 when a chart could not be pulled, or is another one than the table says.
 */
export async function lock(charts: Charts): Promise<number> {
  const edits: Record<string, TableEdit> = {};
  const problems = await forEach(charts, async (name, coordinates, folder) => {
    const { digest } = await charts.helm.pull(coordinates, folder);
    if (coordinates.digest === undefined) {
      edits[name] = { digest };
      charts.print(`${nameOf(coordinates)}: ${digest}`);
    } else if (coordinates.digest !== digest) {
      throw new Failure(
        `${nameOf(coordinates)}: the repository serves ${digest}, the table says ${coordinates.digest}.`,
        `If you changed the version, use npm run charts -- bump ${coordinates.chart} ${coordinates.version}; if not, find out who replaced the archive.`,
      );
    }
  });
  await writeTable(charts, edits);
  return report(charts, problems, `${countOf(Object.keys(edits).length, "digest")} recorded`);
}

/** Gives one chart another version, the newest unless it is named, together with its digest. */
export async function bump(charts: Charts, chart: string, version?: string): Promise<number> {
  const [name, coordinates] = entryOf(charts, chart);
  const wanted = version ?? (await charts.helm.newest(coordinates, ">0.0.0")).version;
  const { digest, version: before } = { digest: undefined, ...coordinates };
  const scratch = mkdtempSync(join(tmpdir(), "slipway-charts-"));
  try {
    const pulled = await charts.helm.pull({ ...coordinates, version: wanted }, scratch);
    if (wanted === before && digest !== undefined && pulled.digest !== digest) {
      throw new Failure(
        `${nameOf(coordinates)}: the repository serves ${pulled.digest}, the table says ${digest}.`,
        "A released version does not change: find out who replaced the archive.",
      );
    }
    if (wanted === before && digest !== undefined) {
      charts.print(
        `${coordinates.chart}: ${before} is ${version === undefined ? "the newest version" : "in the table"}.`,
      );
      return 0;
    }
    await writeTable(charts, { [name]: { version: wanted, digest: pulled.digest } });
    charts.print(`${coordinates.chart}: ${before} → ${wanted}, ${pulled.digest}`);
    return 0;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Pulls every chart into a folder that serves as `slipway:charts.mirror`. */
export async function vendor(charts: Charts, folder: string): Promise<number> {
  mkdirSync(folder, { recursive: true });
  const problems = await forEach(charts, async (_, coordinates, scratch) => {
    const { path, digest } = await charts.helm.pull(coordinates, scratch, charts.mirror);
    refuseOther(coordinates, digest);
    writeFileSync(join(folder, `${nameOf(coordinates)}.tgz`), readFileSync(path));
    charts.print(`${nameOf(coordinates)}.tgz  ${digest}`);
  });
  return report(charts, problems, `The charts are in ${folder}`);
}

/**
 * Checks every archive of a folder, or of the mirror: that it is the one of the table, and that each of its
 * hooks is known.
 */
export async function verify(charts: Charts, folder?: string): Promise<number> {
  if (folder !== undefined && !existsSync(folder)) {
    throw new Failure(
      `There is no folder ${folder}.`,
      `npm run charts -- vendor --out ${folder} makes it, with every chart in it.`,
    );
  }
  const unlocked: string[] = [];
  const problems = await forEach(charts, async (name, coordinates, scratch) => {
    const archive =
      folder === undefined
        ? (await charts.helm.pull(coordinates, scratch, charts.mirror)).path
        : archiveIn(folder, coordinates);
    refuseOther(coordinates, digestOf(archive));
    const found = await charts.helm.metadata(archive, coordinates);
    if (found.name !== coordinates.chart || found.version !== coordinates.version) {
      throw new Failure(
        `${nameOf(coordinates)}: the archive holds ${found.name} ${found.version}.`,
        "Put the right archive there: npm run charts -- vendor.",
      );
    }
    const unknown = hookProblems(archive, charts.hooks[name] ?? {});
    if (unknown.length > 0) {
      throw new Failure(
        `${nameOf(coordinates)}: ${unknown.join("; ")}.`,
        "Helm's hooks are not run here: say in operations/charts/hooks.ts what takes the place of each.",
      );
    }
    if (coordinates.digest === undefined) {
      unlocked.push(nameOf(coordinates));
    }
  });
  if (unlocked.length > 0) {
    charts.print(
      `No digest was ever recorded of ${unlocked.join(", ")}: npm run charts -- lock does, where there is a network.`,
    );
  }
  const rest = unlocked.length > 0 ? "other " : "";
  return report(charts, problems, `Every ${rest}archive is the one of the table`);
}

/** Lists the charts of which there is a newer version. */
export async function outdated(charts: Charts): Promise<number> {
  const rows: string[][] = [];
  const problems = await forEach(charts, async (_, coordinates) => {
    const { chart, version } = coordinates;
    const newest = await charts.helm.newest(coordinates, ">0.0.0");
    if (plain(newest.version) !== plain(version)) {
      const compatible = await charts.helm.newest(coordinates, `^${plain(version)}`);
      rows.push([
        chart,
        version,
        compatible.version,
        newest.version,
        newest.home ?? coordinates.repository,
      ]);
    }
  });
  if (rows.length > 0) {
    charts.print(table(["CHART", "TABLE", "SAME MAJOR", "NEWEST", "ABOUT"], rows.sort()));
  }
  return report(
    charts,
    problems,
    rows.length === 0 ? "Every chart is the newest" : `${countOf(rows.length, "chart")} to bump`,
  );
}

/** Does the work for each chart; the others go on when one fails. */
async function forEach(
  { table: charts }: Charts,
  work: (name: string, coordinates: ChartCoordinates, scratch: string) => Promise<void>,
): Promise<readonly Failure[]> {
  const scratch = mkdtempSync(join(tmpdir(), "slipway-charts-"));
  try {
    const problems = await Promise.all(
      Object.entries(charts).map(([name, coordinates]) =>
        work(name, coordinates, scratch).then(
          () => [],
          (error: unknown) => {
            if (error instanceof Failure) {
              return [error];
            }
            throw error;
          },
        ),
      ),
    );
    return problems.flat();
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Prints what went wrong, each advice once, or that all is well. */
function report({ print }: Charts, problems: readonly Failure[], done: string): number {
  if (problems.length === 0) {
    print(`${done}.`);
    return 0;
  }
  for (const { message } of problems) {
    print(message);
  }
  for (const fix of new Set(problems.map((problem) => problem.fix ?? ""))) {
    print(`  → ${fix}`);
  }
  return 1;
}

async function writeTable(
  { file }: Charts,
  edits: Readonly<Record<string, TableEdit>>,
): Promise<void> {
  if (Object.keys(edits).length > 0) {
    writeFileSync(file, await editTable(readFileSync(file, "utf8"), file, edits));
  }
}

function entryOf({ table: charts }: Charts, chart: string): readonly [string, ChartCoordinates] {
  const found = Object.entries(charts).find(([, coordinates]) => coordinates.chart === chart);
  if (found === undefined) {
    const known = Object.values(charts).map((coordinates) => coordinates.chart);
    throw new Failure(`There is no chart "${chart}".`, `It may be ${known.join(", ")}.`);
  }
  return found;
}

function refuseOther(coordinates: ChartCoordinates, digest: string): void {
  if (coordinates.digest !== undefined && coordinates.digest !== digest) {
    throw new Failure(
      `${nameOf(coordinates)}: the archive is ${digest}, the table says ${coordinates.digest}.`,
      "Do not use the archive: find out who replaced it, or take it from elsewhere.",
    );
  }
}

function archiveIn(folder: string, coordinates: ChartCoordinates): string {
  const path = join(folder, `${nameOf(coordinates)}.tgz`);
  if (!existsSync(path)) {
    throw new Failure(
      `${folder} lacks ${nameOf(coordinates)}.tgz.`,
      "npm run charts -- vendor --out <folder> puts every chart there.",
    );
  }
  return path;
}

const nameOf = ({ chart, version }: ChartCoordinates): string => `${chart}-${version}`;

/** Some charts write a v before their version, and some their repositories only. */
const plain = (version: string): string => version.replace(/^v/, "");

const countOf = (count: number, noun: string): string =>
  `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
