import { fields, text, type Fields } from "./fields";
import { readLabels, type Labels } from "./selectors";
import { peek } from "./unknown";
import { type PodView } from "./pod";

/** Where an object was read from; every part is empty or zero for objects in memory. */
export interface Source {
  /** File as given on the command line, `-` for standard input. */
  readonly file: string;
  /** Index of the document among the non-empty documents of its file, from 0. */
  readonly document: number;
  /** Path of the object inside its document: empty, or `items[2]` inside a List. */
  readonly base: string;
}

export const IN_MEMORY: Source = { file: "", document: 0, base: "" };

/** What the engine knows of a resource beside its Kubernetes object. */
export interface ResourceFacts {
  /** URN of the resource. */
  readonly urn: string;
  /** Type token, such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** Whether the resource is protected from deletion. */
  readonly protect: boolean;
  /**
   * Paths of properties whose changes the engine ignores, such as `spec.replicas`.
   * @default - none
   */
  readonly ignoreChanges?: readonly string[];
  /** URNs the resource depends on. */
  readonly dependencies: readonly string[];
  /** Name of the stack. */
  readonly stack: string;
}

/** A Kubernetes object with what most rules ask of it. */
export class ObjectView {
  readonly apiVersion: string;
  /** API group, empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Name, else the generated name's prefix, else empty. */
  readonly name: string;
  /** Namespace as written, empty when there is none. */
  readonly namespace: string;
  readonly metadata: Fields;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly spec: Fields;
  /** The pod this object runs, when it is a workload; filled in by the walk. */
  pod: PodView | undefined;
  /** True for a release whose objects were rendered and are judged beside it. */
  rendered = false;

  constructor(
    /** The object as read. */
    readonly raw: Fields,
    readonly source: Source = IN_MEMORY,
    /** True for a server-side-apply patch: what it leaves out is not missing. */
    readonly patch: boolean = false,
    /** What the engine knows, undefined outside it. */
    readonly resource: ResourceFacts | undefined = undefined,
  ) {
    this.apiVersion = text(peek(raw, "apiVersion")) ?? "";
    const slash = this.apiVersion.indexOf("/");
    this.group = slash === -1 ? "" : this.apiVersion.slice(0, slash);
    this.version = this.apiVersion.slice(slash + 1);
    this.kind = text(peek(raw, "kind")) ?? "";
    this.metadata = fields(peek(raw, "metadata"));
    this.name =
      text(peek(this.metadata, "name")) ?? text(peek(this.metadata, "generateName")) ?? "";
    this.namespace = text(peek(this.metadata, "namespace")) ?? "";
    this.labels = readLabels(peek(this.metadata, "labels"));
    this.annotations = readLabels(peek(this.metadata, "annotations"));
    this.spec = fields(peek(raw, "spec"));
  }

  /** True for a list of objects, which has neither name nor namespace. */
  get isList(): boolean {
    return this.kind.endsWith("List") && Array.isArray(peek(this.raw, "items"));
  }

  /** True for Kubernetes' own API groups, so that a custom kind of the same name is not taken for them. */
  get builtIn(): boolean {
    return !this.group.includes(".") || this.group.endsWith(".k8s.io");
  }

  /** True when the object is of the kind: `Service` for a built-in one, `serving.knative.dev/Service` for a custom one. */
  is(kind: string): boolean {
    const slash = kind.lastIndexOf("/");
    return slash === -1
      ? this.kind === kind && this.builtIn
      : this.kind === kind.slice(slash + 1) && this.group === kind.slice(0, slash);
  }
}
