import { fields, isMap, list, maps, strings, text, type Fields } from "../core/fields";
import { type ObjectView } from "../core/object";
import { type PodView } from "../core/pod";
import { rulesOf, stackRule } from "../core/rule";
import { matchesLabels } from "../core/selectors";
import { namespaceOf } from "../core/stack";
import { visit } from "../core/unknown";
import { autoscalersOf } from "../kubernetes/autoscalers";
import { APP, deployment, manifest, workload } from "../kubernetes/examples";
import { isOptional, providedBy } from "../kubernetes/operators";
import { rolloutOf } from "../kubernetes/rollout";

const VOLUMES = "https://kubernetes.io/docs/concepts/storage/volumes/";
const CLAIMS = "https://kubernetes.io/docs/concepts/storage/persistent-volumes/";

const config = manifest("v1", "ConfigMap", { data: { "settings.yaml": "{}" } });
const claim = (mode: string) =>
  manifest("v1", "PersistentVolumeClaim", { spec: { accessModes: [mode] } });
const CONFIGURED = { volumes: [{ name: "settings", configMap: { name: "orders" } }] };
const CLAIMING = { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "orders" } }] };

const headless = (spec: Fields) => manifest("v1", "Service", { spec: { selector: APP, ...spec } });

/** A reference to something a pod mounts. */
interface Reference {
  readonly kind: "Secret" | "ConfigMap" | "PersistentVolumeClaim";
  readonly name: string;
  /** Path inside the pod spec. */
  readonly path: string;
}

/** Volumes, claims and Services that pods refer to. */
export const volumeReferenceRules = rulesOf("storage", [
  stackRule({
    id: "volume-ref-missing",
    assertion: "Volumes and mounts lead to something.",
    why: "A pod whose ConfigMap, Secret, claim or volume does not exist waits in ContainerCreating, or is rejected.",
    source: VOLUMES,
    severity: "high",
    action: "advisory",
    kinds: ["Pod", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"],
    fix: "Create what the volume names, correct the name, or mark the reference optional.",
    examples: { pass: [deployment({}, CONFIGURED), config], fail: [deployment({}, CONFIGURED)] },
    check: (stack, report) => {
      const provided = providedBy(stack);
      visit(stack.objects, (object) => {
        const { pod } = object;
        if (pod === undefined) {
          return;
        }
        const namespace = namespaceOf(object);
        for (const { kind, name, path } of referencesOf(pod)) {
          const exists =
            kind === "Secret"
              ? provided.hasSecret(namespace, name)
              : kind === "ConfigMap"
                ? provided.hasConfigMap(namespace, name)
                : stack.find(kind, namespace, name) !== undefined;
          if (!exists) {
            report(object, `${pod.path}.${path}`, name, `a ${kind} of the stack`);
          }
        }
        for (const { path, name } of danglingMounts(pod)) {
          report(object, path, name, "a volume of the pod");
        }
      });
    },
  }),
  stackRule({
    id: "unused-config",
    assertion: "ConfigMaps and Secrets are used.",
    why: "What nothing refers to is a leftover; a Secret that is one still holds a password.",
    source: "https://kubernetes.io/docs/concepts/configuration/",
    severity: "low",
    action: "off",
    kinds: ["ConfigMap", "Secret"],
    fix: "Remove the object, or refer to it.",
    examples: { pass: [config, deployment({}, CONFIGURED)], fail: [config] },
    check: (stack, report) => {
      const used = new Set<string>();
      // What a ConfigMap or a Secret holds is text for a program, not a reference.
      const referring = stack.objects.filter(
        ({ kind }) => kind !== "ConfigMap" && kind !== "Secret",
      );
      visit(referring, (object) => {
        collectReferences(object.raw, namespaceOf(object), used, 0);
      });
      visit(stack.ofKinds(["ConfigMap", "Secret"]), (object) => {
        const kept = object.raw["type"] === "kubernetes.io/service-account-token";
        if (!kept && !used.has(`${namespaceOf(object)}/${object.name}`)) {
          report(object, "metadata.name", object.name, "referred to by another object");
        }
      });
    },
  }),
  stackRule({
    id: "pvc-rwo-multi-replica",
    assertion: "A disk for one node is mounted by one pod at a time.",
    why: "A second pod, of another replica or of a rolling update, waits for a disk that the first one holds, possibly for ever.",
    source: `${CLAIMS}#access-modes`,
    severity: "high",
    action: "mandatory",
    kinds: ["Deployment"],
    fix: "Use a StatefulSet with volumeClaimTemplates, a ReadWriteMany claim, or one replica with the strategy Recreate.",
    examples: {
      pass: [
        deployment({ replicas: 1, strategy: { type: "Recreate" } }, CLAIMING),
        claim("ReadWriteOnce"),
      ],
      fail: [deployment({ replicas: 2 }, CLAIMING), claim("ReadWriteOnce")],
    },
    check: (stack, report) => {
      const autoscalers = autoscalersOf(stack);
      visit(stack.ofKind("Deployment"), (object) => {
        const { pod } = object;
        if (pod === undefined) {
          return;
        }
        const written = object.spec["replicas"];
        const replicas = typeof written === "number" ? written : 1;
        const most = Math.max(replicas, ...autoscalers.of(object).map(({ max }) => max ?? 1));
        const surges = (rolloutOf(object, replicas)?.surge ?? 0) > 0;
        maps(pod.spec["volumes"]).forEach(({ persistentVolumeClaim }, index) => {
          const name = text(fields(persistentVolumeClaim)["claimName"]) ?? "";
          const found = stack.find("PersistentVolumeClaim", namespaceOf(object), name);
          if (found !== undefined && isForOneNode(found) && most > 0 && (most > 1 || surges)) {
            report(
              object,
              `${pod.path}.volumes[${index}].persistentVolumeClaim.claimName`,
              name,
              most > 1
                ? `a claim that ${most} replicas may share`
                : "mounted by a Deployment that recreates its pod",
            );
          }
        });
      });
    },
  }),
  stackRule({
    id: "statefulset-service",
    assertion: "StatefulSets have the headless Service that names their pods.",
    why: "Without it the pods have no names of their own, and members of a cluster do not find each other.",
    source: "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#limitations",
    severity: "medium",
    action: "advisory",
    kinds: ["StatefulSet"],
    fix: "Add a Service with clusterIP None that selects the pods, and name it in spec.serviceName.",
    anchors: ["kube-score"],
    examples: {
      pass: [workload("StatefulSet", { serviceName: "orders" }), headless({ clusterIP: "None" })],
      fail: [workload("StatefulSet", { serviceName: "orders" }), headless({})],
    },
    check: (stack, report) => {
      visit(stack.ofKind("StatefulSet"), (object) => {
        const name = text(object.spec["serviceName"]) ?? "";
        const service = stack.find("Service", namespaceOf(object), name);
        const selector = fields(service?.spec["selector"]);
        const named =
          service?.spec["clusterIP"] === "None" &&
          Object.keys(selector).length > 0 &&
          matchesLabels(selector, object.pod?.labels ?? {});
        if (!named) {
          report(
            object,
            "spec.serviceName",
            name === "" ? undefined : name,
            "a Service with clusterIP None that selects the pods",
          );
        }
      });
    },
  }),
]);

function isForOneNode({ spec }: ObjectView): boolean {
  const modes = strings(spec["accessModes"]);
  return modes.length > 0 && modes.every((mode) => mode.startsWith("ReadWriteOnce"));
}

/** What the volumes of a pod refer to and cannot do without. */
function referencesOf(pod: PodView): Reference[] {
  return maps(pod.spec["volumes"]).flatMap((volume, index) => {
    const path = `volumes[${index}]`;
    const projected = maps(fields(volume["projected"])["sources"]).flatMap((source, at) =>
      sourcesOf(source, `${path}.projected.sources[${at}]`, "name"),
    );
    return [...sourcesOf(volume, path, "secretName"), ...projected];
  });
}

function sourcesOf(holder: Fields, path: string, secretField: string): Reference[] {
  const { configMap, secret, persistentVolumeClaim } = holder;
  const candidates = [
    { kind: "ConfigMap", source: configMap, field: "name", at: "configMap" },
    { kind: "Secret", source: secret, field: secretField, at: "secret" },
    {
      kind: "PersistentVolumeClaim",
      source: persistentVolumeClaim,
      field: "claimName",
      at: "persistentVolumeClaim",
    },
  ] as const;
  return candidates.flatMap(({ kind, source, field, at }) => {
    const name = isMap(source) && !isOptional(source) ? text(source[field]) : undefined;
    return name === undefined ? [] : [{ kind, name, path: `${path}.${at}.${field}` }];
  });
}

/** Mounts of volumes that neither the pod nor the StatefulSet's claims declare. */
function danglingMounts(pod: PodView): { path: string; name: string }[] {
  const declared = new Set<unknown>(maps(pod.spec["volumes"]).map(({ name }) => name));
  for (const template of maps(pod.object.spec["volumeClaimTemplates"])) {
    declared.add(fields(template["metadata"])["name"]);
  }
  return pod.containers.flatMap((container) =>
    maps(container.spec["volumeMounts"]).flatMap((mount, index) => {
      const name = text(mount["name"]) ?? "";
      return declared.has(name)
        ? []
        : [{ path: `${container.path}.volumeMounts[${index}].name`, name }];
    }),
  );
}

/** Keys under which objects name the ConfigMaps and Secrets they use. */
const REFERRING = /(secret|configmap|certificateref|credential|envfrom|projected)/i;
// No reference lies deeper; a document that does is hostile.
const DEEPEST = 40;

/** Collects the names that stand under a referring key. */
function collectReferences(
  value: unknown,
  namespace: string,
  used: Set<string>,
  depth: number,
  referring = false,
): void {
  if (depth > DEEPEST) {
    return;
  }
  if (typeof value === "string") {
    if (referring) {
      used.add(`${namespace}/${value}`);
    }
    return;
  }
  for (const item of list(value)) {
    collectReferences(item, namespace, used, depth + 1, referring);
  }
  if (isMap(value)) {
    for (const [key, item] of Object.entries(value)) {
      const names = referring && (key === "name" || key === "secretName");
      const refers = REFERRING.test(key);
      if (typeof item !== "string" || names || refers) {
        collectReferences(item, namespace, used, depth + 1, referring || refers);
      }
    }
  }
}
