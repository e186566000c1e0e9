import { Failure } from "../terminal/failure";
import { stackConfig } from "./stack-document";

/**
 * Checks the settings in a stack file as the program will, before a cluster is started for it.
 * @param text the stack file
 * @param file its name, for the message
 * @throws Failure with every problem at once.
 */
export async function checkSettings(text: string, file: string): Promise<void> {
  const config = stackConfig(text, file);
  // Pulumi's SDK, which reports the problems, takes a moment to load: only who checks waits for it.
  const { parseSettings, projectConfig } = await import("../../components/settings");
  const { RunError } = await import("@pulumi/pulumi");
  try {
    parseSettings(projectConfig(asEngine(config)));
  } catch (error) {
    if (RunError.isInstance(error)) {
      throw new Failure(
        `${file}: ${error.message}`,
        "Correct the file, then run the same command again. docs/configuration.md lists every key.",
      );
    }
    throw error;
  }
}

/** The engine hands out text: a map or a list as JSON, anything else as it is written. */
function asEngine(config: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
