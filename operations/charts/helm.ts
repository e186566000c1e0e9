import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "js-yaml";
import { chartSource, type ChartCoordinates, type ChartSource } from "../../components/kit/chart";
import { runCommand } from "../../sandbox/processes/command";
import { Failure } from "../../sandbox/terminal/failure";

/** A digest, as the table of charts has it. */
export type Digest = `sha256:${string}`;

/** What a chart says of itself. */
export interface ChartMetadata {
  readonly name: string;
  readonly version: string;
  /** Where its releases are described. @default - the chart does not say */
  readonly home?: string;
}

/** Asks repositories, registries and archives by the helm executable, which knows the user's logins. */
export class Helm {
  constructor(private readonly executable: string) {}

  /**
   * Puts the archive of a chart into a folder, under the name by which a mirror has it.
   * @returns its path and what it is by its content.
   */
  async pull(
    coordinates: ChartCoordinates,
    folder: string,
    mirror?: string,
  ): Promise<{ readonly path: string; readonly digest: Digest }> {
    const { chart, version } = coordinates;
    const path = join(folder, `${chart}-${version}.tgz`);
    const scratch = mkdtempSync(join(tmpdir(), "slipway-pull-"));
    try {
      const source = chartSource(coordinates, mirror);
      await this.run(["pull", ...sourceArguments(source), "--destination", scratch], coordinates);
      const [archive = ""] = readdirSync(scratch);
      const digest = digestOf(join(scratch, archive));
      renameSync(join(scratch, archive), path);
      return { path, digest };
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }

  /** What the newest version of a chart that fits a range says of itself. */
  async newest(coordinates: ChartCoordinates, range: string): Promise<ChartMetadata> {
    const source = chartSource({ ...coordinates, version: range });
    return metadataOf(await this.run(["show", "chart", ...sourceArguments(source)], coordinates));
  }

  /** What an archive says of itself. */
  async metadata(archive: string, coordinates: ChartCoordinates): Promise<ChartMetadata> {
    return metadataOf(await this.run(["show", "chart", archive], coordinates));
  }

  /** Runs helm with a cache of its own: an index from yesterday does not know today's version. */
  private async run(
    args: readonly string[],
    { chart, version, repository }: ChartCoordinates,
  ): Promise<string> {
    const cache = mkdtempSync(join(tmpdir(), "slipway-helm-"));
    try {
      const { code, stdout, stderr } = await runCommand(this.executable, args, {
        env: { HELM_CACHE_HOME: cache, HELM_REPOSITORY_CACHE: cache },
        timeout: 120_000,
      });
      if (code !== 0) {
        const said = code === 124 ? "no answer within 120 s" : lastLine(stderr);
        throw new Failure(`${chart} ${version}, ${repository}: ${said}`, adviceFor(said));
      }
      return stdout;
    } finally {
      rmSync(cache, { recursive: true, force: true });
    }
  }
}

/** The digest of a file's content. */
export function digestOf(path: string): Digest {
  return `sha256:${createHash("sha256").update(readFileSync(path)).digest("hex")}`;
}

function sourceArguments({ chart, version, repositoryOpts }: ChartSource): readonly string[] {
  return [
    chart,
    ...["--version", version],
    ...(repositoryOpts === undefined ? [] : ["--repo", repositoryOpts.repo]),
    // As container engines do it; every other registry has to speak TLS.
    ...(/^oci:\/\/(localhost|127\.0\.0\.1)[:/]/.test(chart) ? ["--plain-http"] : []),
  ];
}

function metadataOf(text: string): ChartMetadata {
  const { name, version, home } = load(text) as Partial<ChartMetadata>;
  return {
    name: String(name),
    version: String(version),
    ...(home === undefined ? {} : { home }),
  };
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

function adviceFor(said: string): string {
  if (/no such host|connection refused|network is unreachable|timeout|no answer/i.test(said)) {
    return "This needs the chart's repository or registry: run it where it can be reached, through HTTPS_PROXY if need be, or name a mirror.";
  }
  if (/"(>0\.0\.0|\^[^"]*)" not found/.test(said)) {
    return "The repository has no chart of that name: see components/charts.ts.";
  }
  if (/not found|no chart version|could not locate|improper constraint/i.test(said)) {
    return "npm run charts -- outdated shows which versions there are.";
  }
  return /unauthorized|denied|401|403/i.test(said)
    ? "Log in first: helm registry login <registry>."
    : "Run the same command again, or pull the chart by hand with helm pull.";
}
