// The one way into every npm script: checks Node, installs the npm dependencies when they are missing or
// stale, compiles the policy pack when it is stale, then runs a TypeScript file in this process.
// Plain JavaScript without dependencies, because it runs before there are any.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { registerTypeScript } from "./typescript.mjs";

const checkout = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const require = createRequire(import.meta.url);

/** The oldest Node that loads ES modules by require() without a flag, which some dependencies need. */
const oldestNode = [20, 19];

main().catch((error) => stop(error instanceof Error ? error.message : String(error)));

async function main() {
  checkNode();
  const [file, ...args] = process.argv.slice(2);
  if (file === "--prepare") {
    await compilePolicyPack();
    return;
  }
  if (file === undefined) {
    stop("usage: node sandbox/bootstrap.mjs <file.ts> [arguments]");
  }
  process.chdir(checkout);
  if (!dependenciesAreCurrent()) {
    await installDependencies();
  }
  await compilePolicyPack();
  run(resolve(checkout, file), args);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [oldestMajor, oldestMinor] = oldestNode;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    stop(
      `Node ${process.versions.node} is too old: Slipway needs ${oldestNode.join(".")} or newer.\n` +
        "  → Install Node 22 or 24, then run the same command again.",
    );
  }
}

/**
 * Compares what is installed (npm records it in node_modules) with package-lock.json. Contents rather
 * than times, because git gives files new times without a change.
 */
function dependenciesAreCurrent() {
  const installed = packages("node_modules/.package-lock.json");
  const wanted = packages("package-lock.json");
  return Object.entries(wanted).every(([path, entry]) => {
    const found = installed[path];
    return (
      path === "" ||
      (found === undefined
        ? entry.optional === true || entry.devOptional === true
        : found.version === entry.version && found.integrity === entry.integrity)
    );
  });
}

function packages(file) {
  try {
    return JSON.parse(readFileSync(join(checkout, file), "utf8")).packages ?? {};
  } catch {
    return {};
  }
}

async function installDependencies() {
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const failed = await step("Installing the npm dependencies", "npm", args);
  if (failed !== undefined) {
    const outOfStep = failed.includes("EUSAGE");
    stop(
      `npm ${args.join(" ")} failed:\n${failed.split("\n").slice(0, 12).join("\n")}\n` +
        (outOfStep
          ? "  → package.json and package-lock.json disagree: run npm install, then the same command again."
          : "  → Check that the npm registry can be reached (npm ping), then run the same command again."),
    );
  }
}

async function compilePolicyPack() {
  const source = join(checkout, "policy", "index.ts");
  const output = join(checkout, "policy", "bin", "index.js");
  if (!existsSync(source) || !isStale(output, dirname(source))) {
    return;
  }
  // Beside it first: an interrupted or failed compilation must not leave half a pack.
  const beside = `${output}.${process.pid}.new`;
  mkdirSync(dirname(output), { recursive: true });
  const build = loadBuild();
  if (build === undefined) {
    return;
  }
  await build({
    absWorkingDir: checkout,
    entryPoints: [source],
    outfile: beside,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    // The host has loaded the SDK, which must exist once in the process; the rest comes along, as one file loads faster.
    external: ["@pulumi/*"],
    logLevel: "silent",
  }).catch((error) => stop(`The policy pack does not compile: ${error.message}`));
  renameSync(beside, output);
}

/** esbuild; undefined where npm prepares a checkout without having installed anything (--package-lock-only). */
function loadBuild() {
  try {
    return require("esbuild").build;
  } catch (error) {
    if (process.argv.includes("--prepare")) {
      return undefined;
    }
    throw error;
  }
}

/** Whether a file is missing or older than anything in a folder, its own subfolder `bin` aside. */
function isStale(output, folder) {
  if (!existsSync(output)) {
    return true;
  }
  const compiled = statSync(output).mtimeMs;
  const newer = (path) => {
    const stats = statSync(path);
    // A folder is newer when a file was added to it or removed from it.
    if (stats.mtimeMs > compiled && path !== folder) {
      return true;
    }
    return (
      stats.isDirectory() &&
      readdirSync(path).some(
        (name) => name !== "bin" && name !== "node_modules" && newer(join(path, name)),
      )
    );
  };
  return newer(folder);
}

/** Runs a command with a line of progress; returns what it printed when it failed. */
function step(title, command, args) {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const live = process.stderr.isTTY === true;
  if (!live) {
    process.stderr.write(`  ${title} …\n`);
  }
  const timer = setInterval(
    () =>
      process.stderr.write(
        live ? `\r\u001b[2K  ${title} … ${seconds()}` : `  ${title} … ${seconds()}\n`,
      ),
    live ? 1_000 : 30_000,
  );
  const end = (line) => {
    clearInterval(timer);
    process.stderr.write(`${live ? "\r\u001b[2K" : ""}${line}\n`);
  };
  return new Promise((done) => {
    let output = "";
    const child = spawn(command, args, { cwd: checkout, stdio: ["ignore", "pipe", "pipe"] });
    for (const signal of ["SIGINT", "SIGTERM"]) {
      process.once(signal, () => {
        child.kill(signal);
        end(`  ${title}: interrupted; the same command goes on from here.`);
        process.exit(signal === "SIGINT" ? 130 : 143);
      });
    }
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("error", (error) => {
      end(`  ${title}: failed`);
      done(error.message);
    });
    child.on("close", (code) => {
      process.removeAllListeners("SIGINT").removeAllListeners("SIGTERM");
      end(`  ${title}: ${code === 0 ? `done in ${seconds()}` : "failed"}`);
      done(code === 0 ? undefined : output.trim());
    });
  });
}

/** Runs a TypeScript file as if Node had been started with it: same process, same signals, same exit code. */
function run(file, args) {
  if (!existsSync(file)) {
    stop(`There is no file ${file}.`);
  }
  // Loading ES modules by require() is announced as experimental by Node 20 and 22.
  const [print] = process.listeners("warning");
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (warning.name !== "ExperimentalWarning") {
      print?.(warning);
    }
  });
  // A reader that has seen enough, such as head, closes its end; the work goes on to its own end all the same.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error) => {
      if (error.code !== "EPIPE") {
        throw error;
      }
    });
  }
  // Type checking belongs in `npm run check`; here it would cost seconds at every start.
  registerTypeScript(checkout);
  process.argv = [process.argv[0], file, ...args];
  Module.runMain();
}

function stop(text) {
  console.error(text);
  process.exit(1);
}
