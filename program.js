// Pulumi's entry: bundles index.ts and runs it. Types are checked by `npm run check`, not here: through
// ts-node the program took 1.7 s and 250 MB to its first resource. There is no build to forget: the bundle
// is kept beside npm's packages under a name made from its sources, and made anew when one of them changes.
"use strict";

const { createHash } = require("node:crypto");
const { existsSync, mkdirSync, readdirSync, renameSync, statSync } = require("node:fs");
const path = require("node:path");
const { exportState } = require("./state.js");

require("./lazy-sdk.js");

const state = exportState();
const program = load();
module.exports = () => program(state);

function load() {
  try {
    return require(bundle());
  } catch (error) {
    // Only a failure pays for loading it.
    const { declarationMistakes } = require("./declaration-mistake.js");
    const mistakes = declarationMistakes(error, __dirname);
    if (mistakes.length === 0) {
      throw error;
    }
    const { RunError } = require("@pulumi/pulumi");
    const lines = mistakes.map((mistake) => `\n  ${mistake}`).join("");
    throw new RunError(
      `The program cannot be read:${lines}\n  → npm run check names every mistake.`,
    );
  }
}

/** The path of the program as one file. */
function bundle() {
  const folder = path.join(__dirname, "node_modules", ".cache", "slipway");
  const file = path.join(folder, `program-${fingerprint()}.js`);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    const unfinished = `${file}.${process.pid}.tmp`;
    require("esbuild").buildSync({
      entryPoints: [path.join(__dirname, "index.ts")],
      outfile: unfinished,
      bundle: true,
      // The Pulumi SDK must exist once in the process.
      packages: "external",
      platform: "node",
      target: "node20.19",
      format: "cjs",
      sourcemap: "inline",
      sourcesContent: false,
      logLevel: "silent",
    });
    renameSync(unfinished, file);
  }
  return file;
}

/** Changes whenever a source, or the set of installed packages, does. */
function fingerprint() {
  const components = path.join(__dirname, "components");
  const sources = readdirSync(components, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") || name.endsWith(".json"))
    .map((name) => path.join(components, name));
  const hash = createHash("sha256");
  for (const name of ["index.ts", "program.js", "package-lock.json"].concat(sources.sort())) {
    const file = path.resolve(__dirname, name);
    const { mtimeMs, size } = statSync(file);
    hash.update(`${file} ${String(mtimeMs)} ${String(size)}\n`);
  }
  return hash.digest("hex").slice(0, 16);
}
