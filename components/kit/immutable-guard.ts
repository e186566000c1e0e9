import * as pulumi from "@pulumi/pulumi";
import { immutableFields, type ImmutableField } from "./immutable-fields";
import { isQuantity, parseQuantity } from "./quantity";
import { registered } from "./registered";
import { fullName } from "./stack-images";

type Fields = Readonly<Record<string, unknown>>;

/** The properties with which each object was deployed last, by what the cluster calls it. */
export type DeployedObjects = ReadonlyMap<string, Fields>;

export interface ImmutableGuardArgs {
  /** What is deployed, by the stack's state. */
  readonly deployed: DeployedObjects;
  /** The objects that may be deleted and made anew, as `Kind/namespace/name`. */
  readonly allowed: readonly string[];
}

/** An edit of a field that cannot change. */
export interface ImmutableEdit {
  /** The path of the field. */
  readonly path: string;
  /** What is known of the field. */
  readonly field: Pick<ImmutableField, "outcome" | "why" | "safePath">;
}

/** An object with edits that the API server cannot make to it. */
interface RefusedObject {
  /** The object, as `Kind/namespace/name`. */
  readonly name: string;
  readonly edits: readonly ImmutableEdit[];
}

/**
 * Stops at edits that the API server cannot make to the objects that are there. Left alone, the provider
 * deletes such an object and makes it anew: a StatefulSet with its pods, a claim with its data. A preview
 * names all of them at its end; an update, which may follow no preview, stops at the first.
 */
export class ImmutableGuard {
  private readonly refused: RefusedObject[] = [];
  private readonly charts: pulumi.Resource[] = [];

  constructor(private readonly args: ImmutableGuardArgs) {}

  /** Looks at what the program declares itself; a transformation of the rooms, after those that change it. */
  readonly ofResource: pulumi.ResourceTransformation = ({ type, props, opts }) =>
    type.startsWith("kubernetes:")
      ? { props: props as Fields, opts: this.check(props as Fields, opts) }
      : undefined;

  /**
   * Looks at an object as it is going to be, and gives the options it is previewed with: the engine leaves
   * out an edit that is refused, because a replacement that `protect` forbids would end the preview there.
   * @throws `pulumi.RunError` in an update, with the fields and how to get there without the loss.
   */
  check<Options extends pulumi.ResourceOptions>(object: Fields, opts: Options): Options {
    const name = shortName(object);
    const edits = this.editsOf(object, name);
    if (edits.length === 0) {
      return opts;
    }
    if (!pulumi.runtime.isDryRun()) {
      throw new pulumi.RunError(refusal([{ name, edits }]));
    }
    this.refused.push({ name, edits });
    const ignoreChanges = [...(opts.ignoreChanges ?? []), ...edits.map(({ path }) => path)];
    return { ...opts, ignoreChanges };
  }

  /** Waits for the objects of a chart, as far as `refuse` is concerned. */
  await(chart: pulumi.Resource): void {
    this.charts.push(chart);
  }

  /**
   * Ends a preview once every object was looked at.
   * @throws `pulumi.RunError` with all objects that have such edits.
   */
  async refuse(): Promise<void> {
    if (pulumi.runtime.isDryRun()) {
      await Promise.all(this.charts.map(registered));
      if (this.refused.length > 0) {
        throw new pulumi.RunError(refusal(this.refused));
      }
    }
  }

  private editsOf(object: Fields, short: string): readonly ImmutableEdit[] {
    const name = objectName(object);
    const before = name === undefined ? undefined : this.args.deployed.get(name);
    const isAllowed = this.args.allowed.includes(short);
    return before === undefined
      ? []
      : immutableEdits(before, object).filter(
          ({ field }) => !(isAllowed && field.outcome === "replaced"),
        );
  }
}

function refusal(objects: readonly RefusedObject[]): string {
  const lines = objects.flatMap(({ name, edits }) => [
    `${name} cannot be changed in place. Nothing of it was changed.`,
    ...edits.map(({ path, field: { why, safePath } }) => `  ${path}: ${why}.\n    → ${safePath}`),
  ]);
  const replaceable = objects
    .filter(({ edits }) => edits.every(({ field }) => field.outcome === "replaced"))
    .map(({ name }) => `"${name}"`);
  const way =
    replaceable.length === 0
      ? []
      : [
          "  What was deleted by hand is unknown to the state: run pulumi refresh before the next pulumi up.",
          "  To let it be deleted and made anew all the same, name it for this one run:",
          `    slipway:allowReplacement: [${replaceable.join(", ")}]`,
        ];
  return [...lines, ...way].join("\n");
}

/** The edits that lead from one version of an object to another and that cannot be made to it. */
function immutableEdits(before: Fields, after: Fields): readonly ImmutableEdit[] {
  const { kind } = after;
  const isMarked = before.immutable === true;
  const edits = immutableFields
    .filter(({ kinds }) => kinds?.includes(String(kind)) === true && isBuiltIn(after))
    .filter(({ onlyMarked = false }) => !onlyMarked || isMarked)
    .flatMap((field) =>
      field.paths
        .filter((path) => kind !== "Secret" || !isSecretData(path))
        .filter((path) => textOf(at(before, path), kind) !== textOf(at(after, path), kind))
        .map((path) => ({ path, field })),
    );
  return kind === "PersistentVolumeClaim" ? [...edits, ...shrunk(before, after)] : edits;
}

/** What a Secret holds is encrypted in the state. */
function isSecretData(path: string): boolean {
  return ["data", "stringData", "binaryData"].includes(path);
}

/** A volume grows where its class allows it, and never shrinks. */
function shrunk(before: Fields, after: Fields): readonly ImmutableEdit[] {
  const path = "spec.resources.requests.storage";
  const [was, is] = [at(before, path), at(after, path)].map((size) =>
    typeof size === "string" && isQuantity(size) ? parseQuantity(size) : undefined,
  );
  return was === undefined || is === undefined || is >= was
    ? []
    : [
        {
          path,
          field: {
            outcome: "refused",
            why: "a volume cannot shrink",
            safePath:
              "Make a smaller claim, copy the data with a Job, and point the workload to it.",
          },
        },
      ];
}

/**
 * The objects in an exported state. A resource that was replaced stays in it until its successor is ready,
 * and one that was only read is not the stack's.
 */
export function deployedObjects(state: unknown): DeployedObjects {
  const { deployment } = (state ?? {}) as {
    readonly deployment?: { readonly resources?: readonly StateResource[] };
  };
  return new Map(
    (deployment?.resources ?? []).flatMap(({ inputs, external, delete: isGoing }) => {
      const name = inputs === undefined ? undefined : objectName(inputs);
      return inputs === undefined || name === undefined || external === true || isGoing === true
        ? []
        : [[name, inputs] as const];
    }),
  );
}

interface StateResource {
  readonly inputs?: Fields;
  readonly external?: boolean;
  readonly delete?: boolean;
}

/** What the cluster calls an object; undefined for what is none. Its version is not part of that. */
function objectName({ apiVersion, kind, metadata }: Fields): string | undefined {
  const { name, namespace = "" } = (metadata ?? {}) as Fields;
  if (typeof apiVersion !== "string" || typeof kind !== "string" || typeof name !== "string") {
    return undefined;
  }
  return [groupOf(apiVersion), kind, String(namespace), name].join("/");
}

function shortName({ kind, metadata }: Fields): string {
  const { name, namespace } = (metadata ?? {}) as Fields;
  return [kind, namespace, name].filter((part) => typeof part === "string").join("/");
}

const groupOf = (apiVersion: string): string =>
  apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";

/** Whether the kind is Kubernetes' own: a custom kind of the same name has fields of its own. */
function isBuiltIn({ apiVersion }: Fields): boolean {
  const group = groupOf(String(apiVersion));
  return !group.includes(".") || group.endsWith(".k8s.io");
}

function at(object: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((value, key) => (isMap(value) ? value[key] : undefined), object);
}

/** A text that is equal for equal fields. A Job that only takes the same image from a mirror does the same work. */
function textOf(field: unknown, kind: unknown): string {
  return JSON.stringify(ordered(field, kind === "Job")) ?? "";
}

function ordered(value: unknown, isWork: boolean): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => ordered(item, isWork));
  }
  if (!isMap(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      // The provider drops what is null.
      .filter(([, item]) => item !== null && item !== undefined)
      .filter(([key]) => !(isWork && key === "imagePullSecrets"))
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, item]) => [
        key,
        isWork && key === "image" && typeof item === "string"
          ? fullName(item.replace(/^.*\/(?=(?:[a-z0-9-]+\.)+[a-z0-9-]+(?::\d+)?\/)/, ""))
          : ordered(item, isWork),
      ]),
  );
}

function isMap(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
