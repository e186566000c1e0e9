import { createHash, randomBytes } from "node:crypto";
import { isPlainMap, Unknown, type PlainMap } from "../../rpc/values";
import { AUTONAMED, PATCH_FIELD_MANAGER } from "./annotations";
import { annotationOf, at, nameOf, withValue } from "./kube-object";

/** How the engine wants objects without a name to be named. */
export interface Autonaming {
  /** The engine's proposal. */
  readonly proposedName: string;

  /** Whether objects must carry a name of their own. */
  readonly disabled: boolean;
}

/** What a name is made from when the program gives none. */
export interface NameSource {
  /** The resource's name in the program. */
  readonly resourceName: string;

  /** Bytes that are the same in preview and update. */
  readonly seed: Uint8Array;

  /** The engine's wish. @default none */
  readonly autonaming?: Autonaming;

  /** The resource's inputs in the state. @default none, the resource is new */
  readonly oldInputs?: PlainMap;
}

/** Whether the program names the object, by a name that may not be known yet. */
export function isNamed(inputs: PlainMap): boolean {
  return at(inputs, "metadata", "name") instanceof Unknown || nameOf(inputs) !== "";
}

/** Whether the provider named the object. */
export function isAutonamed(inputs: PlainMap): boolean {
  return annotationOf(inputs, AUTONAMED) === "true";
}

/** Gives an object without a name its old one, or a new one with a random end. */
export function assignName(inputs: PlainMap, source: NameSource): PlainMap {
  if (isNamed(inputs) || at(inputs, "metadata") instanceof Unknown) {
    return inputs;
  }
  if (at(inputs, "metadata", "generateName") !== undefined) {
    throw new Error(
      "metadata.generateName is set, which server-side apply does not support. Set metadata.name.",
    );
  }
  const { oldInputs, autonaming } = source;
  if (oldInputs !== undefined) {
    return isAutonamed(oldInputs) ? named(inputs, nameOf(oldInputs)) : inputs;
  }
  if (autonaming?.disabled === true) {
    throw new Error("Autonaming is disabled, and metadata.name is not set. Set metadata.name.");
  }
  const proposed = autonaming?.proposedName ?? "";
  const name = proposed === "" ? `${source.resourceName}-${randomSuffix(source.seed)}` : proposed;
  return named(inputs, name);
}

/** The field manager of a resource: named by the program, kept in the state, or new. */
export function fieldManagerName(inputs: PlainMap, kept: string): string {
  const chosen = annotationOf(inputs, PATCH_FIELD_MANAGER);
  if (chosen !== "") {
    return chosen;
  }
  return kept === "" ? `pulumi-kubernetes-${randomBytes(4).toString("hex")}` : kept;
}

function named(inputs: PlainMap, name: string): PlainMap {
  const withName = withValue(inputs, ["metadata", "name"], name);
  const annotations = at(inputs, "metadata", "annotations");
  return annotations === undefined || isPlainMap(annotations)
    ? withValue(withName, ["metadata", "annotations", AUTONAMED], "true")
    : withName;
}

function randomSuffix(seed: Uint8Array): string {
  const source = seed.length === 0 ? randomBytes(16) : seed;
  return createHash("sha256").update(source).digest("hex").slice(0, 8);
}
