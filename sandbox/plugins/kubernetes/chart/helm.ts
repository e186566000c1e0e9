import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type ChartArgs } from "./args";

/** What a chart rendered to. */
export interface Rendered {
  /** The objects, as YAML documents. */
  readonly manifest: string;

  /** What Helm warns of, such as a deprecated chart. */
  readonly warnings: readonly string[];
}

/** What the templates are told about the cluster. */
export interface Capabilities {
  /** The cluster's version, such as v1.36.3. */
  readonly kubeVersion: string;

  /** The API versions it serves, with and without their kinds. */
  readonly apiVersions: readonly string[];
}

/** The largest manifest: some operators' definitions alone are several megabytes. */
const MAX_MANIFEST_BYTES = 256 * 1024 * 1024;

const runFile = promisify(execFile);

/** Renders a chart with the helm executable, without its hooks. */
export async function renderChart(args: ChartArgs, cluster: Capabilities): Promise<Rendered> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-chart-"));
  try {
    const files: string[] = [];
    for (const [index, file] of args.valueFiles.entries()) {
      files.push("path" in file ? file.path : await write(folder, `file-${index}.yaml`, file.text));
    }
    // JSON is YAML; a null stays a null, by which Helm drops a default of the chart.
    files.push(await write(folder, "values.yaml", JSON.stringify(args.values)));
    const { stdout, stderr } = await runFile(helm(), helmArguments(args, cluster, files), {
      maxBuffer: MAX_MANIFEST_BYTES,
    });
    const lines = stderr.split("\n").filter((line) => /^WARNING: .*deprecated/i.test(line));
    return { manifest: stdout, warnings: lines };
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    const reason = (stderr ?? "").trim() === "" ? message : (stderr ?? "").trim();
    throw new Error(`The chart ${args.chart} could not be rendered by ${helm()}: ${reason}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The command line of `helm template`. */
export function helmArguments(
  args: ChartArgs,
  { kubeVersion, apiVersions }: Capabilities,
  valueFiles: readonly string[],
): readonly string[] {
  const option = (name: string, value: string | undefined): readonly string[] =>
    value === undefined ? [] : [`--${name}`, value];
  return [
    "template",
    args.releaseName,
    args.chart,
    "--namespace",
    args.namespace,
    ...option("version", args.version),
    ...option("repo", args.repository),
    ...option("username", args.username),
    ...option("password", args.password),
    ...valueFiles.flatMap((file) => ["--values", file]),
    "--no-hooks",
    "--skip-tests",
    ...(args.skipCrds ? [] : ["--include-crds"]),
    ...(args.plainHttp ? ["--plain-http"] : []),
    ...(args.devel ? ["--devel"] : []),
    ...(args.dependencyUpdate ? ["--dependency-update"] : []),
    "--kube-version",
    kubeVersion,
    "--api-versions",
    apiVersions.join(","),
  ];
}

async function write(folder: string, name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text, { mode: 0o600 });
  return file;
}

/** Set by the plugin's launcher; without it, the helm on the PATH. */
function helm(): string {
  return process.env["SLIPWAY_HELM"] ?? "helm";
}
