import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { errorCode } from "./terminal/failure";

/** Reads a JSON file; undefined when it is missing or was cut short by an interruption. */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (errorCode(error) === "ENOENT" || error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}

/** Writes a JSON file as a whole or not at all: beside it first, then renamed. */
export function writeJson(path: string, value: unknown): void {
  writeWhole(path, `${JSON.stringify(value, undefined, 2)}\n`);
}

/** Writes a text file, readable by its owner only, as a whole or not at all. */
export function writeWhole(path: string, text: string): void {
  const beside = `${path}.${process.pid}.new`;
  writeFileSync(beside, text, { mode: 0o600 });
  renameSync(beside, path);
}
