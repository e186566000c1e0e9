import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ConfigError } from "../core/config";
import { readExemptions, type Exemption } from "../core/exemptions";

/**
 * Reads every reviewed exemption file of a folder: one file for each chart, a list of {rules, object, reason}.
 */
export function readExemptionFiles(folder: string): Exemption[] {
  if (!existsSync(folder)) {
    return [];
  }
  const problems: string[] = [];
  const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  const exemptions = files.sort().flatMap((name) => {
    const content: unknown = parse(readFileSync(join(folder, name), "utf8"), { schema: "core" });
    return readExemptions(content, name, (problem) => problems.push(problem));
  });
  if (problems.length > 0) {
    throw new ConfigError(problems);
  }
  return exemptions;
}
