import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** What a script finds when it runs. */
export interface ShellSetting {
  /** Commands the script calls, each as a shell script; every call is recorded. */
  readonly commands: Readonly<Record<string, string>>;
  /** Files by absolute path; they lie below a folder of the test's own. */
  readonly files: Readonly<Record<string, string>>;
  /** The environment. @default - none */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a shell script with pretended commands and gives the calls it made, in order. The folders that
 * the script names by absolute path are moved into a folder of the test's own.
 */
export function callsOf(script: string, setting: ShellSetting): readonly string[] {
  const root = mkdtempSync(join(tmpdir(), "slipway-script-"));
  try {
    const calls = join(root, "calls");
    writeFileSync(calls, "");
    for (const [path, text] of Object.entries(setting.files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    for (const [command, text] of Object.entries(setting.commands)) {
      const path = join(root, "bin", command);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `#!/bin/sh\necho "${command} $*" >> "${calls}"\n${text}\n`);
      chmodSync(path, 0o755);
    }
    const moved = [...new Set(Object.keys(setting.files).map((path) => path.split("/")[1] ?? ""))];
    const here = moved.reduce(
      (text, folder) => text.replaceAll(`/${folder}/`, `${root}/${folder}/`),
      script,
    );
    execFileSync("sh", ["-c", here], {
      env: { PATH: `${join(root, "bin")}:/usr/bin:/bin`, ...setting.env },
      stdio: "pipe",
      timeout: 10_000,
    });
    return readFileSync(calls, "utf8")
      .trimEnd()
      .split("\n")
      .map((call) => call.replaceAll(root, ""));
  } finally {
    rmSync(root, { recursive: true });
  }
}
