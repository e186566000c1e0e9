import { buildSync } from "esbuild";
import { existsSync, readdirSync, renameSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

// Compiling sixty files at every start takes a second; one compiled file takes a tenth of it.
const OUTPUT = join(__dirname, "bin", "check.js");

/** The newest change below a folder, in milliseconds since 1970. */
function newest(folder: string): number {
  return Math.max(
    ...readdirSync(folder, { withFileTypes: true }).map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        return entry.name === "bin" ? 0 : newest(path);
      }
      return statSync(path).mtimeMs;
    }),
  );
}

if (!existsSync(OUTPUT) || statSync(OUTPUT).mtimeMs < newest(__dirname)) {
  // Beside it first: two checks at once must not read half a file.
  const beside = `${OUTPUT}.${process.pid}.new`;
  buildSync({
    entryPoints: [join(__dirname, "check", "main.ts")],
    outfile: beside,
    bundle: true,
    platform: "node",
    target: "node20",
    packages: "external",
    logLevel: "error",
  });
  renameSync(beside, OUTPUT);
}
createRequire(__filename)(OUTPUT);
