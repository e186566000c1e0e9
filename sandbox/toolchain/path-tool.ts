import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { runCommand } from "../processes/command";
import { type ToolSource } from "./tool";

/** The source that takes a command from the PATH when its version fits. */
export function onPath(
  command: string,
  versionArgs: readonly string[],
  fits: (version: string) => boolean,
): ToolSource {
  return {
    name: "PATH",
    async look() {
      const path = findOnPath(command);
      if (path === undefined) {
        return { missing: "not installed" };
      }
      const answer = await runCommand(path, versionArgs, {
        env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
        timeout: 15_000,
      });
      const version = /\d+\.\d+\.\d+/.exec(answer.stdout)?.[0];
      return version !== undefined && fits(version)
        ? { path, origin: `installed (${path}, ${version})` }
        : { missing: `${path} is version ${version ?? "unknown"}, which does not fit` };
    },
  };
}

/** The first executable of a name on the PATH. */
export function findOnPath(command: string, path = process.env["PATH"] ?? ""): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, command))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
