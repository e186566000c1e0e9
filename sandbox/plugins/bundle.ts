import { build } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A plugin to bundle. */
export interface BundleSource {
  /** The plugin's folder under `sandbox/plugins`. */
  readonly folder: string;

  /** The version it reports. */
  readonly version: string;
}

/**
 * Bundles a plugin into one JavaScript file, so that it starts without resolving a few hundred modules.
 *
 * @param sources the text of everything the bundle is made from; the file's name is its hash
 * @param cache the folder bundles are kept in
 * @returns the file's path
 */
export async function bundle(
  { folder, version }: BundleSource,
  sources: string,
  cache: string,
): Promise<string> {
  const hash = createHash("sha256").update(`${sources}\0${folder}\0${version}`).digest("hex");
  const file = join(cache, `plugin-${folder}-${hash.slice(0, 16)}.cjs`);
  if (existsSync(file)) {
    return file;
  }
  await mkdir(cache, { recursive: true });
  const unfinished = `${file}.${process.pid}.tmp`;
  try {
    await build({
      entryPoints: [join(__dirname, folder, "main.ts")],
      outfile: unfinished,
      bundle: true,
      platform: "node",
      // The oldest Node that Slipway runs on.
      target: "node20.19",
      format: "cjs",
      define: { PLUGIN_VERSION: JSON.stringify(version) },
      logLevel: "silent",
    });
    await rename(unfinished, file);
  } finally {
    await rm(unfinished, { force: true });
  }
  return file;
}

/** Writes a file only when its content changes, and in one step. */
export async function writeExecutable(file: string, content: string): Promise<void> {
  if (existsSync(file) && (await readFile(file, "utf8")) === content) {
    return;
  }
  const unfinished = `${file}.${process.pid}.tmp`;
  await writeFile(unfinished, content, { mode: 0o755 });
  await rename(unfinished, file);
}
