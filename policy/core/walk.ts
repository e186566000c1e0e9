import { fields, isMap, join, list, maps, text, type Fields } from "./fields";
import { IN_MEMORY, ObjectView, type ResourceFacts, type Source } from "./object";
import { ContainerView, PodView, type ContainerRole } from "./pod";
import { readLabels } from "./selectors";
import { peek } from "./unknown";

/** Workload kinds whose pod lies where the kind says. */
export const WORKLOAD_KINDS = [
  "Pod",
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "ReplicaSet",
  "ReplicationController",
  "Job",
  "CronJob",
] as const;

/** OpenShift's Deployment, which rules about replicas and rollouts judge like the other. */
export const DEPLOYMENT_CONFIG = "apps.openshift.io/DeploymentConfig";

/** Kinds of others that are workloads whatever their template holds. */
const CUSTOM_WORKLOADS = [DEPLOYMENT_CONFIG, "argoproj.io/Rollout"];

// Deeper lists are hostile: nobody nests a List in a List in a List.
const DEEPEST_LIST = 8;

/** Paths from an object to the thing that holds a pod's `metadata` and `spec`, tried in this order. */
const TEMPLATES: readonly (readonly string[])[] = [
  ["spec", "jobTemplate", "spec", "template"],
  ["spec", "template"],
  ["spec", "jobTargetRef", "template"],
  ["template"],
];

/** How an object reached us, beside its fields. */
export interface Origin {
  /** @default IN_MEMORY */
  readonly source?: Source;
  /** @default false */
  readonly patch?: boolean;
  /** @default - none, outside the engine */
  readonly resource?: ResourceFacts;
}

/**
 * The objects of a document: itself, or the items of a List at any depth. Items of a typed List
 * (`DeploymentList`) inherit its kind and version when they name none.
 */
export function walk(raw: Fields, origin: Origin = {}): ObjectView[] {
  const found: ObjectView[] = [];
  collect(raw, origin, found, 0);
  return found;
}

function collect(raw: Fields, origin: Origin, found: ObjectView[], depth: number): void {
  const kind = text(peek(raw, "kind")) ?? "";
  const items = peek(raw, "items");
  if (!kind.endsWith("List") || !Array.isArray(items) || depth > DEEPEST_LIST) {
    found.push(view(raw, origin));
    return;
  }
  const itemKind = kind.slice(0, -"List".length);
  if (items.length === 0 && itemKind !== "") {
    // It has nothing to judge but its own API version.
    found.push(view(raw, origin));
    return;
  }
  const source = origin.source ?? IN_MEMORY;
  list(items).forEach((item, index) => {
    const inherited = { apiVersion: peek(raw, "apiVersion"), kind: itemKind };
    const object =
      itemKind !== "" && isMap(item) && peek(item, "kind") === undefined
        ? { ...inherited, ...item }
        : fields(item);
    const base = join(source.base, `items[${index}]`);
    collect(object, { ...origin, source: { ...source, base } }, found, depth + 1);
  });
}

/** One object with its pod, when it runs one. */
export function view(raw: Fields, origin: Origin = {}): ObjectView {
  const named = new ObjectView(raw, origin.source, origin.patch, origin.resource);
  const object = PATCH.test(named.kind) && named.builtIn ? patchOf(named, origin) : named;
  object.pod = findPod(object);
  return object;
}

// A file may name a patch as the provider's type token does (`DeploymentPatch`); Kubernetes has no such kinds.
const PATCH = /.Patch$/;

function patchOf({ raw, kind }: ObjectView, { source, resource }: Origin): ObjectView {
  const patched = { ...raw, kind: kind.replace(/Patch$/, "") };
  return new ObjectView(patched, source, true, resource);
}

function findPod(object: ObjectView): PodView | undefined {
  if (object.is("Pod")) {
    return podAt(object, object.raw, "");
  }
  const known = [...WORKLOAD_KINDS, ...CUSTOM_WORKLOADS].some((kind) => object.is(kind));
  for (const template of TEMPLATES) {
    let holder: unknown = object.raw;
    for (const key of template) {
      holder = isMap(holder) ? peek(holder, key) : undefined;
    }
    if (isMap(holder) && (known || runsContainers(holder))) {
      return podAt(object, holder, template.join("."));
    }
  }
  // A known workload is one even when its template is missing: rules about the pod still apply.
  const [inCronJob = [], inController = []] = TEMPLATES;
  const template = object.kind === "CronJob" ? inCronJob : inController;
  return known ? podAt(object, {}, template.join(".")) : undefined;
}

// Any other kind must show containers (`spec.template.spec.containers` of a custom resource).
function runsContainers(template: Fields): boolean {
  const spec = peek(template, "spec");
  return isMap(spec) && Array.isArray(peek(spec, "containers"));
}

function podAt(object: ObjectView, holder: Fields, path: string): PodView {
  const metadata = fields(peek(holder, "metadata"));
  return new PodView(
    object,
    fields(peek(holder, "spec")),
    join(path, "spec"),
    text(peek(metadata, "name")) ?? "",
    readLabels(peek(metadata, "labels")),
    readLabels(peek(metadata, "annotations")),
    join(path, "metadata"),
    containersOf,
  );
}

function containersOf(pod: PodView): readonly ContainerView[] {
  const found: ContainerView[] = [];
  const add = (field: string, role: (container: Fields) => ContainerRole): void => {
    maps(peek(pod.spec, field)).forEach((spec, index) => {
      found.push(new ContainerView(pod, role(spec), spec, `${pod.path}.${field}[${index}]`));
    });
  };
  add("initContainers", (spec) => (peek(spec, "restartPolicy") === "Always" ? "sidecar" : "init"));
  add("containers", () => "regular");
  add("ephemeralContainers", () => "ephemeral");
  return found;
}
