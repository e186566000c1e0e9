import { existsSync, mkdirSync, readdirSync, rmSync, rmdirSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, join, normalize, resolve } from "node:path";
import { readJson } from "../json-file";
import { Failure } from "../terminal/failure";
import { manifestText } from "./manifest";
import { type RenderedObject } from "./objects";
import { isMap } from "./secrets";

const indexFile = "index.json";

/**
 * Checks that a folder may be written: it is missing, empty, or holds an earlier rendering.
 * @throws Failure when it holds anything else, because files of an earlier rendering are removed.
 */
export function checkOutput(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    earlierFiles(folder);
  }
}

/**
 * Writes one file per object and the index. Files of an earlier rendering that are not written again are
 * removed, together with the folders they leave empty; other files stay.
 */
export function writeOutput(folder: string, objects: readonly RenderedObject[]): void {
  const files = new Map(objects.map(({ entry, manifest }) => [entry.file, manifestText(manifest)]));
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    for (const file of earlierFiles(folder).filter((each) => !files.has(each))) {
      rmSync(join(folder, file), { force: true });
      removeEmpty(dirname(join(folder, file)), folder);
    }
  }
  mkdirSync(folder, { recursive: true });
  // The index goes first: it marks the folder as ours, so that an interrupted run can be repeated.
  const index = objects.map(({ entry }) => entry);
  writeFileSync(join(folder, indexFile), `${JSON.stringify(index, undefined, 2)}\n`);
  for (const [file, text] of files) {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** The files that the index of an earlier rendering lists. */
function earlierFiles(folder: string): readonly string[] {
  const entries = readJson(join(folder, indexFile));
  const files = Array.isArray(entries)
    ? entries.map((entry: unknown) => (isMap(entry) && "urn" in entry ? entry["file"] : undefined))
    : [undefined];
  if (!files.every((file): file is string => typeof file === "string" && staysInside(file))) {
    throw new Failure(
      `The folder ${resolve(folder)} holds files that render did not write: it has no index.json of a rendering.`,
      "Choose another folder for --out, or empty this one.",
    );
  }
  return files;
}

function staysInside(file: string): boolean {
  return !isAbsolute(file) && !normalize(file).split(/[\\/]/).includes("..");
}

function removeEmpty(folder: string, root: string): void {
  if (resolve(folder) !== resolve(root) && existsSync(folder) && readdirSync(folder).length === 0) {
    rmdirSync(folder);
  }
}
