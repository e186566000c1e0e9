import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Command } from "commander";
import { format } from "prettier";
import { settingsSchema } from "../components/settings";
import { jsonSchema } from "../components/settings/json-schema";
import { referencePage } from "../policy/docs/reference-page";
import { endCommand } from "../sandbox/terminal/command-line";
import { configurationPage } from "./configuration-page";
import { declarationShapes, shapesText } from "./declaration-shapes";
import { stackFileSchema, type SchemaNode } from "./stack-file-schema";

/**
 * Writes what follows from the settings schema (the editor's JSON Schema of a stack file and the configuration
 * reference), from the types of declarations (the shapes that the program checks) and from the policy rules (their
 * reference). With `check` it writes nothing and fails when a file is stale.
 */
async function generate(check: boolean): Promise<void> {
  const root = join(__dirname, "..");
  const schema: SchemaNode = jsonSchema(settingsSchema);
  const files = [
    {
      path: join(root, "schemas", "stack.schema.json"),
      text: await format(JSON.stringify(stackFileSchema(schema)), {
        parser: "json",
        printWidth: 100,
      }),
    },
    {
      path: join(root, "docs", "configuration.md"),
      text: await format(configurationPage(schema), { parser: "markdown", printWidth: 100 }),
    },
    {
      path: join(root, "docs", "policies.md"),
      text: await format(referencePage(), { parser: "markdown", printWidth: 100 }),
    },
    {
      path: join(root, "components", "apps", "shapes", "declaration-shapes.json"),
      text: shapesText(declarationShapes(join(root, "components"))),
    },
  ];
  const stale = files.filter(({ path, text }) => textOf(path) !== text);
  if (check && stale.length > 0) {
    const names = stale.map(({ path }) => relative(root, path)).join(", ");
    console.error(`Stale: ${names}. Run: npm run generate`);
    process.exitCode = 1;
    return;
  }
  for (const { path, text } of stale) {
    writeFileSync(path, text);
    console.log(`Wrote ${relative(root, path)}`);
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

new Command("npm run generate --")
  .description(
    "Writes the files that follow from others: schemas, shapes of declarations, references.",
  )
  .option("--check", "write nothing, and fail when a file is stale", false)
  .exitOverride()
  .showHelpAfterError()
  .action(({ check }: { check: boolean }) => generate(check))
  .parseAsync()
  .catch(endCommand);
