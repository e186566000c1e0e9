import { readdirSync, readFileSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { bundle, writeExecutable } from "./bundle";

/** Where the stand-in plugins go. */
export interface InstallOptions {
  /** The folder that `PULUMI_HOME` names. */
  readonly pulumiHome: string;

  /** The folder of built tools, shared by clones. */
  readonly cache: string;

  /** Path of the helm executable that renders charts. */
  readonly helm: string;

  /** Takes a line of progress. */
  log(line: string): void;
}

/** A plugin that was put in place. */
export interface InstalledPlugin {
  /** Its name as the CLI knows it, such as `resource-kubernetes`. */
  readonly plugin: string;

  /** Its version, that of the npm SDK it serves. */
  readonly version: string;
}

/** A stand-in plugin: its folder here, what the CLI calls it, and the npm SDK whose version it takes. */
const PLUGINS = [
  { folder: "language-nodejs", plugin: "language-nodejs", sdk: "@pulumi/pulumi" },
  { folder: "random", plugin: "resource-random", sdk: "@pulumi/random" },
  { folder: "kubernetes", plugin: "resource-kubernetes", sdk: "@pulumi/kubernetes" },
] as const;

/**
 * Puts the stand-in plugins into Pulumi's plugin folder, where the CLI finds them like any other. Does
 * nothing for a plugin whose sources have not changed.
 */
export async function installStandIns(
  options: InstallOptions,
): Promise<readonly InstalledPlugin[]> {
  const sources = readSources();
  return Promise.all(
    PLUGINS.map(async ({ folder, plugin, sdk }) => {
      const version = sdkVersion(sdk);
      const file = await bundle({ folder, version }, sources, options.cache);
      const home = join(options.pulumiHome, "plugins", `${plugin}-v${version}`);
      await mkdir(home, { recursive: true });
      await writeExecutable(join(home, `pulumi-${plugin}`), launcher(file, options.helm));
      options.log(`${plugin} ${version}: Slipway's stand-in`);
      return { plugin, version };
    }),
  );
}

/** The start script: this Node, the bundle, and the helm to render charts with. */
function launcher(file: string, helm: string): string {
  return [
    "#!/bin/sh",
    `SLIPWAY_HELM=${quote(helm)} exec ${quote(process.execPath)} --disable-warning=DeprecationWarning ${quote(file)} "$@"`,
    "",
  ].join("\n");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function sdkVersion(sdk: string): string {
  const manifest: unknown = JSON.parse(
    readFileSync(require.resolve(`${sdk}/package.json`), "utf8"),
  );
  if (typeof manifest === "object" && manifest !== null && "version" in manifest) {
    return String(manifest.version);
  }
  throw new Error(`The package.json of ${sdk} has no version. Run "npm ci", then try again.`);
}

/** The text of every source file here, and the versions of the packages that are bundled in. */
function readSources(): string {
  const files = readdirSync(__dirname, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && statSync(join(__dirname, name)).isFile())
    .sort();
  const lock = readFileSync(join(__dirname, "..", "..", "package-lock.json"), "utf8");
  return [
    lock,
    ...files.map((name) => `${name}\0${readFileSync(join(__dirname, name), "utf8")}`),
  ].join("\0");
}
