import { chartNames } from "./charts";
import { fileNames } from "./file-names";
import { compareTexts } from "./order";
import { type PlannedResource, nameOfUrn, typeOfUrn } from "./resource";
import { isMap } from "./secrets";

/** What `index.json` says of one object; the order of the fields is that of the file. */
export interface IndexEntry {
  /** URN of the resource in the stack. */
  readonly urn: string;
  /** Type token of the resource. */
  readonly type: string;
  /** The object's API group and version. */
  readonly apiVersion: string;
  /** The object's kind. */
  readonly kind: string;
  /** Its namespace; null for an object of the cluster. */
  readonly namespace: string | null;
  /** Its name. */
  readonly name: string;
  /** The nearest Slipway component above it, as `type::name`; null when there is none. */
  readonly component: string | null;
  /** The chart it comes from; null when the program declares it. */
  readonly chart: string | null;
  /** URN of the resource above it; null at the top. */
  readonly parent: string | null;
  /** URNs it waits for, sorted. */
  readonly dependsOn: readonly string[];
  /** URNs it was known by before, sorted. */
  readonly aliases: readonly string[];
  /** Whether the engine refuses to delete it. */
  readonly protect: boolean;
  /** Whether the object stays in the cluster when the resource goes. */
  readonly retainOnDelete: boolean;
  /** Whether the program asks for deletion before replacement. */
  readonly deleteBeforeReplace: boolean;
  /** Path of the object's file, from the folder of the index, with forward slashes. */
  readonly file: string;
}

/** One Kubernetes object of a stack. */
export interface RenderedObject {
  /** Its line in the index. */
  readonly entry: IndexEntry;
  /** The object, secrets masked. */
  readonly manifest: Readonly<Record<string, unknown>>;
}

/** What a stack consists of. */
export interface Rendering {
  /** Every object, ordered by its file. */
  readonly objects: readonly RenderedObject[];
  /** Slipway components, as `type::name`, sorted. */
  readonly components: readonly string[];
  /** Charts, sorted. */
  readonly charts: readonly string[];
}

/** Picks the Kubernetes objects out of a stack's resources. */
export function renderObjects(resources: readonly PlannedResource[]): Rendering {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const objects = resources.filter(
    (resource) => resource.custom && !resource.external && isObject(resource.inputs),
  );
  const charts = chartNames(resources);
  const described = objects.map((resource) => describe(resource, byUrn, charts));
  const files = fileNames(described);
  return {
    objects: described
      .map((entry, index) => ({
        entry: { ...entry, file: files[index] ?? "" },
        manifest: objects[index]?.inputs ?? {},
      }))
      .sort((left, right) => compareTexts(left.entry.file, right.entry.file)),
    components: sortedSet(resources.filter(isSlipwayComponent).map(({ urn }) => tail(urn))),
    charts: sortedSet([...charts.values()]),
  };
}

function describe(
  resource: PlannedResource,
  byUrn: ReadonlyMap<string, PlannedResource>,
  charts: ReadonlyMap<string, string>,
): Omit<IndexEntry, "file"> {
  const { inputs } = resource;
  const metadata = isMap(inputs["metadata"]) ? inputs["metadata"] : {};
  const namespace = metadata["namespace"];
  const above = ancestors(resource, byUrn);
  const component = above.find(isSlipwayComponent);
  const chart = above.map(({ urn }) => charts.get(urn)).find((name) => name !== undefined);
  return {
    urn: resource.urn,
    type: resource.type,
    apiVersion: String(inputs["apiVersion"]),
    kind: String(inputs["kind"]),
    namespace: typeof namespace === "string" && namespace !== "" ? namespace : null,
    name: String(metadata["name"] ?? ""),
    component: component === undefined ? null : tail(component.urn),
    chart: chart ?? null,
    parent: resource.parent ?? null,
    dependsOn: sortedSet(resource.dependencies),
    aliases: sortedSet(resource.aliases),
    protect: resource.protect,
    retainOnDelete: resource.retainOnDelete,
    deleteBeforeReplace: resource.deleteBeforeReplace,
  };
}

/** The resources above one, nearest first. */
function ancestors(
  resource: PlannedResource,
  byUrn: ReadonlyMap<string, PlannedResource>,
): readonly PlannedResource[] {
  const found: PlannedResource[] = [];
  let next = resource.parent === undefined ? undefined : byUrn.get(resource.parent);
  while (next !== undefined) {
    found.push(next);
    next = next.parent === undefined ? undefined : byUrn.get(next.parent);
  }
  return found;
}

function isObject(inputs: Readonly<Record<string, unknown>>): boolean {
  return typeof inputs["apiVersion"] === "string" && typeof inputs["kind"] === "string";
}

function isSlipwayComponent({ type, custom }: PlannedResource): boolean {
  return !custom && type.startsWith("slipway:");
}

function tail(urn: string): string {
  return `${typeOfUrn(urn)}::${nameOfUrn(urn)}`;
}

function sortedSet(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort(compareTexts);
}
