// Pulumi's entry: bundles index.ts and runs it. Types are checked by `npm run check`, not here: through
// ts-node the program took 1.7 s and 250 MB to its first resource. There is no build to forget: the bundle
// is kept beside npm's packages under a name made from its sources, and made anew when one of them changes.
"use strict";

const { spawn } = require("node:child_process");
const { createHash } = require("node:crypto");
const { existsSync, mkdirSync, readdirSync, renameSync, statSync } = require("node:fs");
const path = require("node:path");

require("./lazy-sdk.js");

const state = exportState();
const program = require(bundle());
module.exports = () => program(state);

/**
 * Asks the Pulumi CLI for the stack's own state, in which the deployed versions are; it answers while the
 * modules load. The engine hands a program no state but the outputs of the last good run.
 */
function exportState() {
  const { PULUMI_NODEJS_ORGANIZATION: organization, ...inherited } = process.env;
  const { PULUMI_NODEJS_PROJECT: project, PULUMI_NODEJS_STACK: name } = inherited;
  // Backends without organizations are given this word in place of one.
  const isOwned = organization !== undefined && !["", "organization"].includes(organization);
  const stack = isOwned ? `${organization}/${project}/${name}` : name;
  const args = ["stack", "export", "--stack", stack, "--non-interactive"];
  const command = ["pulumi", ...args].join(" ");
  const child = spawn("pulumi", args, {
    cwd: __dirname,
    // The configuration that the language host hands over is decrypted.
    env: { ...inherited, PULUMI_CONFIG: undefined, PULUMI_SKIP_UPDATE_CHECK: "true" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return new Promise((resolve) => {
    const printed = { stdout: [], stderr: [] };
    for (const stream of ["stdout", "stderr"]) {
      child[stream].on("data", (chunk) => printed[stream].push(chunk));
    }
    const text = (stream) => Buffer.concat(printed[stream]).toString("utf8");
    child.once("error", (error) => {
      resolve({ command, stdout: "", stderr: error.message });
    });
    child.once("close", (code, signal) => {
      const stderr = signal === null ? text("stderr") : `ended by ${signal}`;
      resolve({ command, code: code ?? -1, stdout: text("stdout"), stderr });
    });
  });
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
    });
    renameSync(unfinished, file);
  }
  return file;
}

/** Changes whenever a source, or the set of installed packages, does. */
function fingerprint() {
  const components = path.join(__dirname, "components");
  const sources = readdirSync(components, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => path.join(components, name));
  const hash = createHash("sha256");
  for (const name of ["index.ts", "program.js", "package-lock.json"].concat(sources.sort())) {
    const file = path.resolve(__dirname, name);
    const { mtimeMs, size } = statSync(file);
    hash.update(`${file} ${String(mtimeMs)} ${String(size)}\n`);
  }
  return hash.digest("hex").slice(0, 16);
}
