import { fields, isMap, maps, text, type Fields } from "../core/fields";
import { type PodView } from "../core/pod";
import { configMapOf, secretOf } from "../kubernetes/references";
import { rulesOf, stackRule } from "../core/rule";
import { namespaceOf, type Stack } from "../core/stack";
import { visit } from "../core/unknown";
import { WORKLOAD_KINDS } from "../core/walk";

/** A reference from a pod to a ConfigMap or Secret. */
interface Reference {
  readonly kind: "ConfigMap" | "Secret";
  readonly name: string;
  /** Key inside it, undefined when the whole object is meant. */
  readonly key: string | undefined;
  /** Path of the reference inside the object. */
  readonly path: string;
}

function reference(
  kind: Reference["kind"],
  value: unknown,
  path: string,
  nameField = "name",
): Reference[] {
  if (!isMap(value) || value["optional"] === true) {
    return [];
  }
  const name = text(value[nameField]) ?? "";
  const keys = maps(value["items"]).map(({ key }) => text(key));
  const wanted = value["key"] === undefined && keys.length > 0 ? keys : [text(value["key"])];
  return wanted.map((key) => ({ kind, name, key, path }));
}

function volumeReferences(volume: Fields, path: string): Reference[] {
  const projected = maps(fields(volume["projected"])["sources"]).flatMap((source, index) => {
    const at = `${path}.projected.sources[${index}]`;
    return [
      ...reference("ConfigMap", source["configMap"], `${at}.configMap`),
      ...reference("Secret", source["secret"], `${at}.secret`),
    ];
  });
  return [
    ...reference("ConfigMap", volume["configMap"], `${path}.configMap`),
    ...reference("Secret", volume["secret"], `${path}.secret`, "secretName"),
    ...projected,
  ];
}

function referencesOf(pod: PodView): Reference[] {
  const found: Reference[] = [];
  for (const { spec, path } of pod.containers) {
    maps(spec["env"]).forEach((variable, index) => {
      const from = fields(variable["valueFrom"]);
      const at = `${path}.env[${index}].valueFrom`;
      found.push(...reference("ConfigMap", from["configMapKeyRef"], `${at}.configMapKeyRef`));
      found.push(...reference("Secret", from["secretKeyRef"], `${at}.secretKeyRef`));
    });
    maps(spec["envFrom"]).forEach((source, index) => {
      found.push(
        ...reference("ConfigMap", source["configMapRef"], `${path}.envFrom[${index}].configMapRef`),
      );
      found.push(
        ...reference("Secret", source["secretRef"], `${path}.envFrom[${index}].secretRef`),
      );
    });
  }
  maps(pod.spec["volumes"]).forEach((volume, index) => {
    found.push(...volumeReferences(volume, `${pod.path}.volumes[${index}]`));
  });
  return found;
}

function missing(stack: Stack, namespace: string, { kind, name, key }: Reference): boolean {
  const provided =
    kind === "Secret" ? secretOf(stack, namespace, name) : configMapOf(stack, namespace, name);
  return !provided.exists || (key !== undefined && !provided.hasKey(key));
}

const workload = (env: object) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "app" },
  spec: { containers: [{ name: "app", image: "registry.example/app:1.4.2", env: [env] }] },
});
const level = { name: "LOG_LEVEL", valueFrom: { configMapKeyRef: { name: "app", key: "level" } } };
const configMap = (data: object) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "app" },
  data,
});

/** Pods refer only to configuration that will be there. */
export const secretReferenceRules = rulesOf("secrets", [
  stackRule({
    id: "env-ref-missing",
    kinds: WORKLOAD_KINDS,
    assertion: "Every ConfigMap and Secret a pod needs, and every key, is part of the stack.",
    why: "A container whose reference leads nowhere never starts.",
    source:
      "https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/#restrictions",
    severity: "high",
    action: "advisory",
    fix: "Correct the name or the key, add the object to the stack, or mark the reference optional.",
    anchors: ["kube-linter"],
    examples: {
      pass: [workload(level), configMap({ level: "info" })],
      fail: [workload(level), configMap({ colour: "blue" })],
    },
    check: (stack, report) => {
      visit(stack.objects, (object) => {
        for (const one of object.pod === undefined ? [] : referencesOf(object.pod)) {
          if (missing(stack, namespaceOf(object), one)) {
            const wanted = one.key === undefined ? `a ${one.kind}` : `a key of a ${one.kind}`;
            const found = one.key === undefined ? one.name : `${one.name}, key ${one.key}`;
            report(object, one.path, found, `${wanted} that the stack has`);
          }
        }
      });
    },
  }),
]);
