import { Unsupported } from "../../rpc/unary";
import { isPlainMap, type Plain, type PlainMap } from "../../rpc/values";
import { SIGNATURE } from "../../rpc/wire-format";

/** The arguments of a Chart, all of them known. */
export interface ChartArgs {
  /** Folder, archive, name in a repository, or oci:// reference. */
  readonly chart: string;

  /** The release's name in the templates. */
  readonly releaseName: string;

  /** What the names of the children start with. */
  readonly resourcePrefix: string;

  /** The namespace of objects that name none. */
  readonly namespace: string;

  /** The chart's version. @default the newest */
  readonly version?: string;

  /** The repository's URL. @default none */
  readonly repository?: string;

  /** User at the repository. @default none */
  readonly username?: string;

  /** Password at the repository. @default none */
  readonly password?: string;

  /** The chart's values. */
  readonly values: PlainMap;

  /** Texts of values files, in the order in which later ones win. */
  readonly valueFiles: readonly ValueFile[];

  /** Whether the definitions in the chart's crds folder are left out. */
  readonly skipCrds: boolean;

  /** Whether nothing of the chart is waited for. */
  readonly skipAwait: boolean;

  /** Whether the registry is spoken to without TLS. */
  readonly plainHttp: boolean;

  /** Whether pre-releases count as versions. */
  readonly devel: boolean;

  /** Whether missing dependencies are fetched. */
  readonly dependencyUpdate: boolean;
}

/** A values file: where it lies, or what it says. */
export type ValueFile = { readonly path: string } | { readonly text: string };

const UNSUPPORTED = ["postRenderer", "verify", "keyring", "includeHooks"];
const UNSUPPORTED_REPOSITORY = ["caFile", "certFile", "keyFile"];

/**
 * Reads the arguments of a Chart.
 *
 * @param name the resource's name, which the release takes unless it has its own
 * @param defaultNamespace the provider's namespace
 */
export function readChartArgs(inputs: PlainMap, name: string, defaultNamespace: string): ChartArgs {
  const repository = isPlainMap(inputs["repositoryOpts"]) ? inputs["repositoryOpts"] : {};
  refuse(inputs, UNSUPPORTED, "The Chart argument");
  refuse(repository, UNSUPPORTED_REPOSITORY, "The Chart argument repositoryOpts.");
  const text = (key: string): string | undefined => optionalText(inputs[key]);
  const flag = (key: string): boolean => inputs[key] === true;
  const chart = text("chart");
  if (chart === undefined) {
    throw new Error(
      `The Chart "${name}" has no chart; it may be a folder, a name or an oci:// URL.`,
    );
  }
  const files = inputs["valueYamlFiles"];
  return {
    chart,
    releaseName: text("name") ?? name,
    resourcePrefix: typeof inputs["resourcePrefix"] === "string" ? inputs["resourcePrefix"] : name,
    namespace: text("namespace") ?? defaultNamespace,
    version: text("version"),
    repository: optionalText(repository["repo"]),
    username: optionalText(repository["username"]),
    password: optionalText(repository["password"]),
    values: expandAssets(isPlainMap(inputs["values"]) ? inputs["values"] : {}, name) as PlainMap,
    valueFiles: Array.isArray(files)
      ? (files as readonly Plain[]).map((file) => readAsset(file, `valueYamlFiles of ${name}`))
      : [],
    skipCrds: flag("skipCrds"),
    skipAwait: flag("skipAwait"),
    plainHttp: flag("plainHttp"),
    devel: flag("devel"),
    dependencyUpdate: flag("dependencyUpdate"),
  };
}

function refuse(values: PlainMap, keys: readonly string[], prefix: string): void {
  for (const key of keys) {
    const value = values[key];
    if (value !== undefined && value !== null && value !== false) {
      throw new Unsupported(`${prefix}${prefix.endsWith(".") ? "" : " "}${key}`);
    }
  }
}

function optionalText(value: Plain | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A value given as an asset stands for the asset's text, as with Helm's --set-file. */
function expandAssets(value: Plain, chart: string): Plain {
  if (Array.isArray(value)) {
    return (value as readonly Plain[]).map((item) => expandAssets(item, chart));
  }
  if (!isPlainMap(value)) {
    return value;
  }
  if (SIGNATURE in value) {
    const asset = readAsset(value, `the values of ${chart}`);
    if ("text" in asset) {
      return asset.text;
    }
    throw new Unsupported(`A file asset in the values of ${chart}`);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, expandAssets(item, chart)]),
  );
}

function readAsset(value: Plain, place: string): ValueFile {
  const asset = isPlainMap(value) ? value : {};
  const path = optionalText(asset["path"]);
  const text = optionalText(asset["text"]);
  if (path !== undefined) {
    return { path };
  }
  if (text !== undefined) {
    return { text };
  }
  throw new Unsupported(`An asset that is neither a file nor a text in ${place}`);
}
