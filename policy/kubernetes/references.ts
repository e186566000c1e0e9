import { fields, has } from "../core/fields";
import { type ObjectView } from "../core/object";
import { type Stack } from "../core/stack";
import { isUnknownField } from "../core/unknown";
import { providedBy } from "./operators";

/** Whether a ConfigMap or Secret, or a key of it, is known to be there once the stack is deployed. */
export interface Provided {
  /** True when something of the stack makes the object. */
  readonly exists: boolean;
  /** True when the object has the key, or when another controller fills it and its keys cannot be known. */
  hasKey(key: string): boolean;
}

const ABSENT: Provided = { exists: false, hasKey: () => false };
const FILLED_ELSEWHERE: Provided = { exists: true, hasKey: () => true };

/** Looks up a ConfigMap of the stack. */
export function configMapOf(stack: Stack, namespace: string, name: string): Provided {
  const found = declared(stack.find("ConfigMap", namespace, name));
  return found.exists || !providedBy(stack).hasConfigMap(namespace, name)
    ? found
    : FILLED_ELSEWHERE;
}

/** Looks up a Secret of the stack, or whatever will make it. */
export function secretOf(stack: Stack, namespace: string, name: string): Provided {
  const secret = stack.find("Secret", namespace, name);
  if (secret !== undefined) {
    return declared(secret);
  }
  return providedBy(stack).hasSecret(namespace, name) ? FILLED_ELSEWHERE : ABSENT;
}

function declared(object: ObjectView | undefined): Provided {
  if (object === undefined) {
    return ABSENT;
  }
  const { raw } = object;
  const parts = ["data", "stringData", "binaryData"];
  // The SDK makes one secret of all of stringData, so a preview does not even know its keys when one of the
  // values is made up by a provider; the update does.
  if (parts.some((part) => isUnknownField(raw, part))) {
    return FILLED_ELSEWHERE;
  }
  return { exists: true, hasKey: (key) => parts.some((part) => has(fields(raw[part]), key)) };
}
