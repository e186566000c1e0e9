import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../folder";

/** Versions of what is built; those of the Go modules stand in their go.mod files too. */
export const versions = {
  kubernetes: "1.36.3",
  kwok: "0.8.0",
  helm: "3.22.0",
  actionlint: "1.7.12",
} as const;

/** The installed version of an npm package, which the CLI or the plugin of the same name has to match. */
export function packageVersion(name: string): string {
  const file = join(checkout, "node_modules", name, "package.json");
  const { version } = JSON.parse(readFileSync(file, "utf8")) as { readonly version: string };
  return version;
}
