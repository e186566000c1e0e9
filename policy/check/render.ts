import { spawnSync } from "node:child_process";
import { isAbsolute, join } from "node:path";
import { fields, has, isMap, text, type Fields } from "../core/fields";
import { type ObjectView } from "../core/object";
import { view, walk } from "../core/walk";
import { isClusterScoped } from "../kubernetes/scopes";
import { readDocuments } from "./documents";

/** What a release renders to; a problem when Helm could not say. */
export type Rendering = { readonly objects: readonly ObjectView[] } | { readonly problem: string };

// A chart of a hundred custom resource definitions renders to some tens of megabytes.
const LARGEST_OUTPUT = 256 * 1024 * 1024;

/**
 * Renders a Pulumi Release by `helm template`, with its values; undefined for any other object. Its objects
 * count as part of the release's document.
 *
 * @param helm The Helm command.
 * @param folder Folder that relative chart paths start from.
 */
export function renderRelease(
  object: ObjectView,
  helm: string,
  folder: string,
): Rendering | undefined {
  if (!object.is("helm.sh/Release")) {
    return undefined;
  }
  const args = has(object.raw, "chart") ? object.raw : object.spec;
  const chart = text(args["chart"]);
  if (chart === undefined) {
    return { problem: "the release names no chart" };
  }
  const { error, status, stdout, stderr } = spawnSync(
    helm,
    templateArguments(object, args, chart, folder),
    {
      encoding: "utf8",
      input: JSON.stringify(isMap(args["values"]) ? args["values"] : {}),
      maxBuffer: LARGEST_OUTPUT,
    },
  );
  if (error !== undefined || status !== 0) {
    const reason = error?.message ?? stderr.trim().split("\n").at(-1) ?? "";
    return { problem: `${helm} template failed: ${reason}` };
  }
  const { file, document } = object.source;
  const source = { file, document, base: "" };
  const objects = [...readDocuments(stdout)].flatMap(({ content }) =>
    isMap(content) ? walk(content, { source }) : [],
  );
  const namespace = namespaceOfRelease(object, args);
  return { objects: objects.map((one) => within(one, namespace)) };
}

// Helm installs what names no namespace into the release's.
function within(object: ObjectView, namespace: string): ObjectView {
  if (namespace === "" || object.namespace !== "" || isClusterScoped(object)) {
    return object;
  }
  return view(
    { ...object.raw, metadata: { ...object.metadata, namespace } },
    { source: object.source },
  );
}

function namespaceOfRelease(object: ObjectView, args: Fields): string {
  return text(args["namespace"]) ?? object.namespace;
}

function templateArguments(
  object: ObjectView,
  args: Fields,
  chart: string,
  folder: string,
): string[] {
  const repository = text(fields(args["repositoryOpts"])["repo"]);
  const version = text(args["version"]);
  const namespace = namespaceOfRelease(object, args);
  const local = chart.startsWith(".") && !isAbsolute(chart) ? join(folder, chart) : chart;
  return [
    "template",
    text(args["name"]) ?? (object.name === "" ? "release" : object.name),
    local,
    "--values=-",
    "--include-crds",
    ...(repository === undefined ? [] : [`--repo=${repository}`]),
    ...(version === undefined ? [] : [`--version=${version}`]),
    ...(namespace === "" ? [] : [`--namespace=${namespace}`]),
  ];
}
