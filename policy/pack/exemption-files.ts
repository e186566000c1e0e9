import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../core/config";
import { readExemptions, type Exemption } from "../core/exemptions";
import { parseFile } from "./config-file";

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
    const problem = (text: string): void => void problems.push(text);
    return readExemptions(parseFile(join(folder, name)), name, problem).map((exemption) => ({
      ...exemption,
      file: name,
    }));
  });
  if (problems.length > 0) {
    throw new ConfigError(problems);
  }
  return exemptions;
}
