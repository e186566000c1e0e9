import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** A text to check and the name it goes by in reports. */
export interface SourceText {
  /** Path as given or found, `-` for standard input. */
  readonly file: string;
  /** Empty when it cannot be read. */
  readonly text: string;
  /**
   * Why it cannot be read.
   * @default - it could be
   */
  readonly problem?: string;
}

/** A file or folder that cannot be read. */
export class UnreadableSourceError extends Error {}

const STANDARD_INPUT = "-";

/** The list of what a rendered folder holds; it is no manifest itself. */
const RENDER_INDEX = "index.json";

/** Reads files one after the other, so that a large folder is never in memory as a whole. */
export function* readSources(paths: readonly string[]): Generator<SourceText> {
  for (const path of paths) {
    for (const file of path === STANDARD_INPUT ? [path] : filesOf(path)) {
      // What the caller named must be there; a link that leads nowhere hides no other file of its folder.
      yield file === path ? { file, text: orUnreadable(file, () => read(file)) } : readFound(file);
    }
  }
}

function filesOf(path: string): string[] {
  if (!orUnreadable(path, () => statSync(path)).isDirectory()) {
    return [path];
  }
  const entries = orUnreadable(path, () => readdirSync(path, { withFileTypes: true }));
  return entries
    .filter(({ name }) => name !== RENDER_INDEX)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const inside = join(path, entry.name);
      if (entry.isDirectory()) {
        return entry.name === "node_modules" || entry.name === ".git" ? [] : filesOf(inside);
      }
      return /\.(?:ya?ml|json)$/i.test(entry.name) ? [inside] : [];
    });
}

/** A folder that an option names, which has to be there. */
export function checkFolder(option: string, path: string): string {
  let problem = "it is a file";
  try {
    if (statSync(path).isDirectory()) {
      return path;
    }
  } catch (error) {
    problem = reasonOf(error);
  }
  throw new UnreadableSourceError(`Cannot read ${option} "${path}": ${problem}. Give a folder.`);
}

function read(file: string): string {
  return readFileSync(file === STANDARD_INPUT ? 0 : file, "utf8");
}

function readFound(file: string): SourceText {
  try {
    return { file, text: read(file) };
  } catch (error) {
    return { file, text: "", problem: reasonOf(error) };
  }
}

function orUnreadable<Result>(path: string, attempt: () => Result): Result {
  try {
    return attempt();
  } catch (error) {
    const reason = reasonOf(error);
    throw new UnreadableSourceError(
      `Cannot read "${path}": ${reason}. Give files, folders, or - for standard input.`,
    );
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") {
    return "there is no such file or folder";
  }
  return error instanceof Error ? error.message : String(error);
}
