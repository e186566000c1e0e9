import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { format } from "prettier";
import { referencePage } from "./docs/reference-page";

/** Writes `docs/policies.md`. With `--check` it writes nothing and fails when the page is stale. */
async function main(check: boolean): Promise<void> {
  const root = join(__dirname, "..");
  const path = join(root, "docs", "policies.md");
  const text = await format(referencePage(), { parser: "markdown", printWidth: 100 });
  if (textOf(path) === text) {
    return;
  }
  if (check) {
    console.error(`Stale: ${relative(root, path)}. Run: npm run generate`);
    process.exitCode = 1;
    return;
  }
  writeFileSync(path, text);
  console.log(`Wrote ${relative(root, path)}`);
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

void main(process.argv.includes("--check"));
