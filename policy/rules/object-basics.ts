import { isMap, maps, scalarText, text } from "../core/fields";
import { containerRule, objectRule, rulesOf, stackRule } from "../core/rule";
import { isEmptySelector, matchesSelector } from "../core/selectors";
import { namespaceOf, SelectorIndex } from "../core/stack";
import { visit } from "../core/unknown";
import { deployment, manifest } from "../kubernetes/examples";
import { deprecationOf } from "../kubernetes/api-versions";
import { nameFlaw } from "../kubernetes/names";

const SELECTORS = "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector";
const CONTROLLERS = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"];

const named = (name: string) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "shop" },
});

/** What every object needs before the API server looks at the rest. */
export const objectBasicRules = rulesOf("metadata", [
  objectRule({
    id: "deprecated-api",
    assertion: "Objects use an API version that the cluster serves.",
    why: "A removed version makes the whole deployment fail, and a deprecated one does at the next upgrade.",
    source: "https://kubernetes.io/docs/reference/using-api/deprecation-guide/",
    severity: "high",
    action: "mandatory",
    kinds: undefined,
    fix: "Change apiVersion to the one that replaces it, and the fields that changed with it.",
    anchors: [
      "kube-linter",
      "kube-score",
      "Kyverno",
      "Datree",
      "Trivy",
      "Pulumi compliance policies",
    ],
    examples: {
      pass: manifest("batch/v1", "CronJob", {}),
      fail: manifest("batch/v1beta1", "CronJob", {}),
    },
    check: ({ apiVersion, kind }, report, { kubernetesVersion }) => {
      const wanted = deprecationOf(apiVersion, kind, kubernetesVersion);
      if (wanted !== undefined) {
        report("apiVersion", apiVersion, wanted);
      }
    },
  }),
  objectRule({
    id: "naked-pod",
    assertion: "Pods belong to a controller.",
    why: "Nothing starts a bare pod again when its node is drained or dies.",
    source: "https://kubernetes.io/docs/concepts/workloads/pods/#pods-and-controllers",
    severity: "medium",
    action: "advisory",
    kinds: ["Pod"],
    fix: "Use a Deployment, a StatefulSet or a Job.",
    anchors: ["Kyverno", "Datree", "Pulumi compliance policies"],
    examples: { pass: deployment(), fail: manifest("v1", "Pod", { spec: { containers: [] } }) },
    check: ({ metadata }, report) => {
      if (maps(metadata["ownerReferences"]).length === 0) {
        report("metadata.ownerReferences", undefined, "written by a controller");
      }
    },
  }),
  objectRule({
    id: "selector-mismatch",
    assertion: "Controllers select the pods of their own template.",
    why: "The API server rejects a controller whose selector does not match its template.",
    source: SELECTORS,
    severity: "high",
    action: "mandatory",
    kinds: CONTROLLERS,
    fix: "Make spec.selector.matchLabels a part of spec.template.metadata.labels.",
    anchors: ["kube-linter", "kube-score"],
    examples: {
      pass: deployment(),
      fail: deployment({ selector: { matchLabels: { app: "other" } } }),
    },
    check: ({ spec, pod, patch }, report) => {
      const { selector } = spec;
      if (patch && Object.keys(pod?.labels ?? {}).length === 0) {
        return;
      }
      if (!isMap(selector) || isEmptySelector(selector)) {
        report("spec.selector", selector, "labels of the pod template");
      } else if (!matchesSelector(selector, pod?.labels ?? {})) {
        report("spec.selector", selector, "matched by the labels of the pod template");
      }
    },
  }),
  stackRule({
    id: "workload-selector-overlap",
    assertion: "No two controllers select the same pods.",
    why: "Each would take the other's pods for its own, delete what is too many and never settle.",
    source: SELECTORS,
    severity: "high",
    action: "mandatory",
    kinds: CONTROLLERS,
    fix: "Give each workload a label of its own in selector and template.",
    examples: {
      pass: [deployment()],
      fail: [deployment(), { ...deployment(), metadata: { name: "orders-2", namespace: "shop" } }],
    },
    check: (stack, report) => {
      visit(overlaps(stack.objects.filter(isController)), ({ object, other }) => {
        report(
          object,
          "spec.selector",
          object.spec["selector"],
          `different from what ${other.kind} "${other.name}" runs`,
        );
      });
    },
  }),
  objectRule({
    id: "metadata-name",
    assertion: "Objects have a valid name.",
    why: "The API server rejects a name with other characters, or a longer one.",
    source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/",
    severity: "medium",
    action: "mandatory",
    kinds: undefined,
    fix: "Use lowercase letters, digits and hyphens, with a letter or digit at both ends.",
    anchors: ["Datree"],
    examples: { pass: named("orders"), fail: named("Orders_1") },
    check: (object, report) => {
      const flaw = nameFlaw(object);
      if (flaw !== undefined) {
        report(`metadata.${flaw.field}`, flaw.found, flaw.wanted);
      }
    },
  }),
  containerRule({
    id: "env-forbidden-values",
    assertion: "Containers set no banned environment variable.",
    why: "Some variables switch off what the platform relies on.",
    source:
      "https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/",
    severity: "low",
    action: "off",
    fix: "Remove the variable.",
    anchors: ["Kyverno"],
    examples: {
      pass: { env: [{ name: "DISABLE_OPA", value: "false" }] },
      fail: { env: [{ name: "DISABLE_OPA", value: "true" }] },
    },
    check: ({ spec }, report, { forbiddenEnvironment }) => {
      maps(spec["env"]).forEach(({ name, value }, index) => {
        const banned = forbiddenEnvironment.find(
          (entry) => entry === name || entry === `${text(name) ?? ""}=${scalarText(value)}`,
        );
        if (banned !== undefined) {
          report(`env[${index}]`, banned, "unset");
        }
      });
    },
  }),
]);

type View = Parameters<typeof nameFlaw>[0];

function isController({ kind, builtIn, pod, spec }: View): boolean {
  return builtIn && CONTROLLERS.includes(kind) && pod !== undefined && isMap(spec["selector"]);
}

/** Controllers whose selector matches another one's pods, with the first such other. */
function overlaps(controllers: readonly View[]): { object: View; other: View }[] {
  const index = new SelectorIndex<View>();
  for (const object of controllers) {
    if (!isEmptySelector(object.spec["selector"])) {
      index.add(namespaceOf(object), object.spec["selector"], object);
    }
  }
  // Two owners of selected pods are enough to name another one to each that selects.
  const owners = new Map<readonly View[], View[]>();
  for (const owner of controllers) {
    for (const alike of index.selecting(namespaceOf(owner), owner.pod?.labels ?? {})) {
      const known = owners.get(alike) ?? [];
      if (known.length < 2 && !known.some((one) => isSame(one, owner))) {
        owners.set(alike, [...known, owner]);
      }
    }
  }
  return [...owners].flatMap(([alike, known]) =>
    alike.flatMap((object) => {
      const other = known.find((owner) => !isSame(owner, object));
      return other === undefined ? [] : [{ object, other }];
    }),
  );
}

function isSame(one: View, other: View): boolean {
  return one === other || (one.kind === other.kind && one.name === other.name);
}
