import { readFileSync } from "node:fs";
import { isAbsolute, join, normalize } from "node:path";
import { load } from "js-yaml";
import { isMap, strings, text, type Fields } from "../../policy/core/fields";
import { view } from "../../policy/core/walk";
import { Failure } from "../../sandbox/terminal/failure";
import { Snapshot, type StackObject } from "../model/snapshot";

/** A folder that is not one of `npm run render`, or a damaged one. */
class UnreadableFolderError extends Failure {}

/** Manifests that were read already, by their text: what two versions share is parsed once. */
export type ManifestCache = Map<string, Fields>;

/**
 * Reads a folder written by `npm run render`.
 * @throws UnreadableFolderError that names the file and what is wrong with it.
 */
export function readRenderFolder(folder: string, cache: ManifestCache = new Map()): Snapshot {
  const index = parse(join(folder, "index.json"), (content) => JSON.parse(content) as unknown);
  if (!Array.isArray(index)) {
    throw new UnreadableFolderError(
      `${join(folder, "index.json")} is not a list of objects. Write the folder with: npm run render`,
    );
  }
  return new Snapshot(index.map((entry: unknown) => readObject(folder, entry, cache)));
}

function readObject(folder: string, entry: unknown, cache: ManifestCache): StackObject {
  const urn = isMap(entry) ? text(entry["urn"]) : undefined;
  const file = isMap(entry) ? text(entry["file"]) : undefined;
  if (!isMap(entry) || urn === undefined || file === undefined || leaves(file)) {
    throw new UnreadableFolderError(
      `${join(folder, "index.json")} has an entry without a "urn", or whose "file" is not below the folder. Render it again.`,
    );
  }
  const type = text(entry["type"]) ?? "";
  const { content, manifest } = readManifest(join(folder, file), cache);
  const facts = {
    urn,
    type,
    dependsOn: strings(entry["dependsOn"]),
    protect: entry["protect"] === true,
    retainOnDelete: entry["retainOnDelete"] === true,
  };
  const resource = {
    ...facts,
    dependencies: facts.dependsOn,
    stack: urn.split("::")[0]?.split(":")[2] ?? "",
  };
  return {
    ...facts,
    component: text(entry["component"]) ?? null,
    chart: text(entry["chart"]) ?? null,
    aliases: strings(entry["aliases"]),
    deleteBeforeReplace: entry["deleteBeforeReplace"] === true,
    fingerprint: content,
    view: view(manifest, { resource, patch: type.endsWith("Patch") }),
  };
}

/** A report shows what it reads, so an index must not lead to other files. */
function leaves(file: string): boolean {
  return isAbsolute(file) || normalize(file).split(/[\\/]/).includes("..");
}

function readManifest(
  file: string,
  cache: ManifestCache,
): { readonly content: string; readonly manifest: Fields } {
  const content = read(file);
  const known = cache.get(content);
  if (known !== undefined) {
    return { content, manifest: known };
  }
  const manifest = parse(file, (given) => load(given), content);
  if (!isMap(manifest)) {
    throw new UnreadableFolderError(
      `${file} does not hold one Kubernetes object. Render the folder again.`,
    );
  }
  cache.set(content, manifest);
  return { content, manifest };
}

function parse(
  file: string,
  interpret: (content: string) => unknown,
  content = read(file),
): unknown {
  try {
    return interpret(content);
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    throw new UnreadableFolderError(
      `${file} cannot be parsed: ${reason}. Render the folder again.`,
    );
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnreadableFolderError(
      `${isMissing ? `There is no ${file}` : `${file} cannot be read: ${reason}`}. ` +
        "Write the folder with: npm run render -- --stack <stack> --out <folder>",
    );
  }
}
