import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { delimiter, dirname } from "node:path";
import { type SandboxFolder } from "../folder";
import { writeWhole } from "../json-file";

/**
 * The environment of the Pulumi CLI in a sandbox: its own home, file backend, passphrase and kubeconfig.
 * What the user's environment says about these is removed, so that no other stack or cluster is touched.
 */
export function pulumiEnvironment(
  folder: SandboxFolder,
  pulumi: string,
  stack: string,
): Readonly<Record<string, string | undefined>> {
  const path = [dirname(pulumi), dirname(process.execPath), process.env["PATH"] ?? ""];
  return {
    PATH: path.join(delimiter),
    KUBECONFIG: folder.kubeconfig,
    PULUMI_HOME: folder.pulumiHome,
    PULUMI_BACKEND_URL: `file://${folder.state}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: folder.passphrase,
    PULUMI_CONFIG_PASSPHRASE: undefined,
    PULUMI_ACCESS_TOKEN: undefined,
    PULUMI_STACK: stack,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DIY_BACKEND_GZIP: undefined,
  };
}

/** Makes the passphrase of a new sandbox. */
export function ensurePassphrase(folder: SandboxFolder): void {
  if (!existsSync(folder.passphrase)) {
    writeWhole(folder.passphrase, `${randomBytes(24).toString("base64url")}\n`);
  }
}
