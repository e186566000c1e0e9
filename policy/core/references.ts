import { fields, has, maps, text } from "./fields";
import { type ObjectView } from "./object";
import { type Stack } from "./stack";
import { isUnknownField } from "./unknown";

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
  return declared(stack.find("ConfigMap", namespace, name));
}

/**
 * Looks up a Secret of the stack, or whatever will make it: an ExternalSecret's target, a SealedSecret,
 * a cert-manager Certificate, or an Ingress that asks cert-manager for one.
 */
export function secretOf(stack: Stack, namespace: string, name: string): Provided {
  const secret = stack.find("Secret", namespace, name);
  if (secret !== undefined) {
    return declared(secret);
  }
  return makesSecret(stack, namespace, name) ? FILLED_ELSEWHERE : ABSENT;
}

function makesSecret(stack: Stack, namespace: string, name: string): boolean {
  const inNamespace = (kind: string): readonly ObjectView[] => stack.ofKind(kind, namespace);
  const targetOf = ({ spec, name: own }: ObjectView): string =>
    text(fields(spec["target"])["name"]) ?? own;
  return (
    inNamespace("external-secrets.io/ExternalSecret").some((object) => targetOf(object) === name) ||
    stack.ofKind("external-secrets.io/ClusterExternalSecret").some(({ spec, name: own }) => {
      const target = fields(fields(spec["externalSecretSpec"])["target"]);
      return (text(target["name"]) ?? text(spec["externalSecretName"]) ?? own) === name;
    }) ||
    inNamespace("bitnami.com/SealedSecret").some((object) => object.name === name) ||
    inNamespace("cert-manager.io/Certificate").some(({ spec }) => spec["secretName"] === name) ||
    inNamespace("Ingress").some(
      ({ annotations, spec }) =>
        Object.keys(annotations).some((key) =>
          /^cert-manager\.io\/(?:cluster-)?issuer$/.test(key),
        ) && maps(spec["tls"]).some(({ secretName }) => secretName === name),
    )
  );
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
