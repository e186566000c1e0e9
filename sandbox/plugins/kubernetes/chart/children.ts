import { Secret, type PropertyMap } from "../../rpc/values";
import { SKIP_AWAIT } from "../object/annotations";
import {
  annotationOf,
  isSecret,
  nameOf,
  namespaceOf,
  withValue,
  type KubeObject,
} from "../object/kube-object";

/** An object of a chart as the resource it becomes. */
export interface Child {
  /** The resource's type token. */
  readonly type: string;

  /** The resource's name. */
  readonly name: string;

  /** The resource's inputs. */
  readonly inputs: PropertyMap;

  /** Whether the object stays when the resource goes. */
  readonly retainOnDelete: boolean;
}

/** How an object of a chart becomes a resource. */
export interface ChildOptions {
  /** What the resource's name starts with; empty means nothing. */
  readonly prefix: string;

  /** Whether the object is not waited for. */
  readonly skipAwait: boolean;
}

const RESOURCE_POLICY = "helm.sh/resource-policy";

/** Names a chart's object and prepares its inputs, the way the official provider does. */
export function childOf(object: KubeObject, { prefix, skipAwait }: ChildOptions): Child {
  const namespace = namespaceOf(object);
  const qualified = namespace === "" ? nameOf(object) : `${namespace}/${nameOf(object)}`;
  const inputs = skipAwait ? withoutAwait(object) : object;
  return {
    type: typeToken(object),
    name: prefix === "" ? qualified : `${prefix}:${qualified}`,
    inputs: isSecret(object) ? hideData(inputs as PropertyMap) : (inputs as PropertyMap),
    retainOnDelete: annotationOf(object, RESOURCE_POLICY) === "keep",
  };
}

/** `kubernetes:<group>/<version>:<kind>`; the core group is written out. */
export function typeToken({ apiVersion, kind }: KubeObject): string {
  return `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
}

function withoutAwait(object: KubeObject): KubeObject {
  return withValue(object, ["metadata", "annotations", SKIP_AWAIT], "true") as KubeObject;
}

/** A rendered text no longer knows what was secret in it; the data of a Secret is. */
function hideData(inputs: PropertyMap): PropertyMap {
  return Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => [
      key,
      (key === "data" || key === "stringData") && value !== null ? new Secret(value) : value,
    ]),
  );
}
