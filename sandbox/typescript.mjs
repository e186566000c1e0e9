// Runs TypeScript files as they are. Their JavaScript is kept by content, because translating the few hundred
// files of one command takes seconds and hardly any of them changes from one run to the next.
// Plain JavaScript without dependencies but the compiler: bootstrap.mjs loads it.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/** Makes require() load `.ts` files of a checkout, without checking their types. */
export function registerTypeScript(checkout) {
  const cache = join(checkout, "node_modules", ".cache", "slipway", "typescript");
  const settings = readFileSync(join(checkout, "tsconfig.json"), "utf8");
  const { version } = require("typescript/package.json");
  let options;
  const translate = (file, source) => {
    const typescript = require("typescript");
    options ??= compilerOptions(typescript, settings);
    return translated(typescript, options, file, source);
  };
  process.setSourceMapsEnabled(true);
  Module._extensions[".ts"] = (module, file) => {
    const source = readFileSync(file, "utf8");
    const key = createHash("sha256").update([version, settings, file, source].join("\0"));
    const kept = join(cache, `${key.digest("hex")}.js`);
    module._compile(read(kept) ?? keep(kept, translate(file, source)), file);
  };
}

function compilerOptions(typescript, settings) {
  const { config } = typescript.parseConfigFileTextToJson("tsconfig.json", settings);
  const { options } = typescript.convertCompilerOptionsFromJson(config.compilerOptions, ".");
  return { ...options, noEmit: false, inlineSourceMap: true, inlineSources: false };
}

function translated(typescript, compilerOptions, fileName, source) {
  const { outputText, diagnostics } = typescript.transpileModule(source, {
    compilerOptions,
    fileName,
    reportDiagnostics: true,
  });
  const [problem] = diagnostics;
  if (problem !== undefined) {
    const { line } = problem.file.getLineAndCharacterOfPosition(problem.start);
    const text = typescript.flattenDiagnosticMessageText(problem.messageText, "\n");
    throw new SyntaxError(`${fileName}:${line + 1}: ${text}`);
  }
  return outputText;
}

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Beside it first: another command may read it at the same moment. A cache that cannot be written is no error. */
function keep(path, text) {
  const beside = `${path}.${process.pid}.new`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(beside, text);
    renameSync(beside, path);
  } catch {
    // The next run translates it again.
  }
  return text;
}
