import { readInputs } from "../../sandbox/plugins/kubernetes/object/checkpoint";
import type { KubeObject } from "../../sandbox/plugins/kubernetes/object/kube-object";
import type { PropertyMap } from "../../sandbox/plugins/rpc/values";
import { maskObject } from "../../sandbox/render/secrets";

/** An object as the stack's last update declared it. */
export interface DeclaredObject {
  /** URN of its resource. */
  readonly urn: string;
  /** What the program set; `[secret]` stands for each secret. */
  readonly object: KubeObject;
  /** The name under which the provider owns its fields. */
  readonly fieldManager: string;
  /** Fields that the program leaves to others. */
  readonly ignored: readonly string[];
}

interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly custom?: boolean;
  readonly delete?: boolean;
  readonly external?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly ignoreChanges?: readonly string[];
}

/** The Kubernetes objects of an exported state. Those that the program only reads are left out. */
export function declaredObjects(state: unknown): readonly DeclaredObject[] {
  const { deployment } = state as { deployment?: { resources?: readonly StateResource[] } };
  return (deployment?.resources ?? []).flatMap((resource) => {
    const { urn, type, custom, inputs = {}, outputs = {}, ignoreChanges = [] } = resource;
    const isDeclared = custom === true && resource.delete !== true && resource.external !== true;
    // Beside objects, the provider has resources of its own, such as Helm releases.
    const isObject = typeof inputs.apiVersion === "string" && typeof inputs.kind === "string";
    const { __fieldManager: fieldManager } = outputs;
    return isDeclared &&
      isObject &&
      type.startsWith("kubernetes:") &&
      typeof fieldManager === "string"
      ? [
          {
            urn,
            object: readInputs(maskObject(inputs) as PropertyMap),
            fieldManager,
            ignored: ignoreChanges,
          },
        ]
      : [];
  });
}
