import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ConfigError } from "../core/config";
import { isMap } from "../core/fields";

/** The files that configure the pack for a stack, as `--policy-pack-config` takes them. */
const folder = join(__dirname, "..", "stacks");

/** The file that configures the pack for a stack; undefined where the stack has none. */
export function stackConfigFile(stack: string): string | undefined {
  const file = join(folder, `${stack}.json`);
  return existsSync(file) ? file : undefined;
}

/** What a configuration file says: the keys themselves, or under "configuration" as the engine wants them. */
export function configFileContent(file: string): unknown {
  const content = parseFile(file);
  const keys = isMap(content) ? Object.keys(content) : [];
  return isMap(content) && keys.length === 1 && keys[0] === "configuration"
    ? content["configuration"]
    : content;
}

/** The content of a YAML or JSON file; one that cannot be read is named in the error. */
export function parseFile(file: string): unknown {
  try {
    return parse(readFileSync(file, "utf8"), { schema: "core" });
  } catch (error) {
    // The lines after the first one draw the place; the first names it.
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new ConfigError([`"${file}" cannot be read: ${reason ?? ""}`]);
  }
}
