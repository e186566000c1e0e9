import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { decide, readDecisions } from "../decisions";
import { type SandboxFolder } from "../folder";
import { installStandIns } from "../plugins/install";
import { runCommand } from "../processes/command";
import { type Progress } from "../terminal/progress";
import { probe } from "./download";
import { findOnPath } from "./path-tool";
import { type Toolchain } from "./toolchain";
import { packageVersion } from "./versions";

/** A plugin that the CLI needs for the program. */
export interface Plugin {
  /** `language` runs the program, `resource` is a provider. */
  readonly kind: "language" | "resource";
  /** Its name without the kind. */
  readonly name: string;
  /** The version that fits the npm SDK. */
  readonly version: string;
}

/** What provides the plugins. */
export interface PluginOptions {
  /** The sandbox whose PULUMI_HOME they go into. */
  readonly folder: SandboxFolder;
  /** Provides helm for the stand-ins. */
  readonly toolchain: Toolchain;
  /** The Pulumi CLI. */
  readonly pulumi: string;
  /** Whether to take the stand-ins without trying the official plugins. */
  readonly offline: boolean;
  /** Where the choice is told. */
  readonly progress: Progress;
}

/** How long a download of one plugin may take, in milliseconds; the Kubernetes provider is 40 MB. */
const downloadTime = 300_000;

/** The plugins at the versions of the installed npm SDKs. */
function wantedPlugins(): readonly Plugin[] {
  return [
    { kind: "language", name: "nodejs", version: packageVersion("@pulumi/pulumi") },
    { kind: "resource", name: "kubernetes", version: packageVersion("@pulumi/kubernetes") },
    { kind: "resource", name: "random", version: packageVersion("@pulumi/random") },
  ];
}

/** Where the CLI looks for a plugin. */
function pluginFolder(pulumiHome: string, plugin: Plugin): string {
  return join(pulumiHome, "plugins", `${plugin.kind}-${plugin.name}-v${plugin.version}`);
}

/** Makes the plugins available: the official ones, or, where they cannot be had, the project's stand-ins. */
export async function providePlugins(options: PluginOptions): Promise<void> {
  const { folder, progress } = options;
  const { plugins: known } = readDecisions(folder.decisions);
  const isThere = (plugin: Plugin): boolean =>
    existsSync(pluginFolder(folder.pulumiHome, plugin)) || isBesideCli(plugin, options.pulumi);
  const missing = known === "official" ? wantedPlugins().filter((plugin) => !isThere(plugin)) : [];
  if (known === "official" && missing.length === 0) {
    return;
  }
  if (known !== "stand-ins") {
    const failure = options.offline ? "not tried (--offline)" : await installOfficial(options);
    if (failure === undefined) {
      progress.note("  Pulumi plugins: the official ones");
      decide(folder.decisions, { plugins: "official" });
      return;
    }
    progress.note(`  Pulumi plugins: Slipway's stand-ins; the official ones: ${failure}`);
  }
  const helm = await options.toolchain.helm();
  await installStandIns({
    pulumiHome: folder.pulumiHome,
    cache: options.toolchain.cache,
    helm: helm.path,
    log: (line) => {
      if (known !== "stand-ins") {
        progress.note(`    ${line}`);
      }
    },
  });
  decide(folder.decisions, { plugins: "stand-ins" });
}

/** Downloads the official plugins; the reason when one of them cannot be had. */
async function installOfficial(options: PluginOptions): Promise<string | undefined> {
  const wanted = wantedPlugins().filter((plugin) => !isBesideCli(plugin, options.pulumi));
  return options.progress.step("Downloading the official Pulumi plugins", async () => {
    // The CLI waits and retries for minutes where nothing answers, so one short look comes first. Through a
    // proxy only the CLI itself can tell: Node does not use the proxy settings of the environment.
    const looked = throughProxy() ? {} : await probe(archive(wanted[0]));
    if (looked.failure !== undefined) {
      return looked.failure;
    }
    const results = await Promise.all(
      wanted.map(({ kind, name, version }) =>
        runCommand(options.pulumi, ["plugin", "install", kind, name, `v${version}`], {
          env: { PULUMI_HOME: options.folder.pulumiHome, PULUMI_SKIP_UPDATE_CHECK: "true" },
          timeout: downloadTime,
        }),
      ),
    );
    const failed = results.find(({ code }) => code !== 0);
    return failed === undefined ? undefined : firstLine(failed.stderr);
  });
}

/** The official language host is part of the CLI's own archive. */
function isBesideCli(plugin: Plugin, pulumi: string): boolean {
  const file = `pulumi-${plugin.kind}-${plugin.name}`;
  return (
    plugin.kind === "language" &&
    (existsSync(join(dirname(pulumi), file)) || findOnPath(file) !== undefined)
  );
}

function archive(plugin: Plugin | undefined): string {
  const platform = `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
  const name = plugin ? `${plugin.kind}-${plugin.name}-v${plugin.version}` : "resource-random";
  return `https://get.pulumi.com/releases/plugins/pulumi-${name}-${platform}.tar.gz`;
}

function throughProxy(): boolean {
  return ["HTTPS_PROXY", "https_proxy"].some((name) => (process.env[name] ?? "") !== "");
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0] ?? "no reason given";
}
