import { isMap, step } from "../core/fields";
import { objectRule, podRule, rulesOf } from "../core/rule";
import { WORKLOAD_KINDS } from "../core/walk";

const RECOMMENDED =
  "https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/";
const SYNTAX =
  "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set";
const ANNOTATIONS =
  "https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/";

const labelled = (
  labels: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>> = {},
) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "orders", namespace: "shop", labels, annotations },
});

const INSTANCE = "app.kubernetes.io/instance";
const EMAIL = /[a-zA-Z0-9_.+-]+@[a-zA-Z0-9-]+\.[a-zA-Z0-9-.]+/;
const LONGEST_VALUE = 63;

/** Labels that say what an object is and whose. */
export const labelRules = rulesOf("metadata", [
  objectRule({
    id: "required-labels",
    assertion: "Workloads and Services carry the agreed labels.",
    why: "Dashboards, costs, policies and people find an application by its app.kubernetes.io labels.",
    source: RECOMMENDED,
    severity: "low",
    action: "advisory",
    kinds: [...WORKLOAD_KINDS, "Service"],
    fix: "Add app.kubernetes.io/name and what else is agreed.",
    anchors: ["Pulumi compliance policies", "Kyverno"],
    examples: { pass: labelled({ "app.kubernetes.io/name": "orders" }), fail: labelled({}) },
    check: ({ labels }, report, { requiredLabels }) => {
      for (const label of requiredLabels) {
        if ((labels[label] ?? "") === "") {
          report(`metadata.labels${step(label)}`, labels[label], "set");
        }
      }
    },
    remedy: (object, { name }) => {
      const metadata = isMap(object["metadata"]) ? object["metadata"] : {};
      const labels = isMap(metadata["labels"]) ? metadata["labels"] : {};
      const standard = { "app.kubernetes.io/name": name, ...labels };
      object["metadata"] = { ...metadata, labels: standard };
    },
  }),
  objectRule({
    id: "label-owner",
    assertion: "Workloads name their owner.",
    why: "At night somebody needs to know whom to call.",
    source: RECOMMENDED,
    severity: "low",
    action: "off",
    kinds: WORKLOAD_KINDS,
    fix: "Add the label owner.",
    anchors: ["kube-linter", "Datree"],
    examples: { pass: labelled({ owner: "payments" }), fail: labelled({}) },
    check: ({ labels }, report) => {
      if (labels["owner"] === undefined) {
        report("metadata.labels.owner", undefined, "the team's name");
      }
    },
  }),
  objectRule({
    id: "label-env",
    assertion: "Deployments name their environment.",
    why: "The label tells production's alerts and costs from those of the others.",
    source: RECOMMENDED,
    severity: "low",
    action: "off",
    kinds: ["Deployment"],
    fix: "Add the label env.",
    anchors: ["Datree"],
    examples: { pass: labelled({ env: "production" }), fail: labelled({}) },
    check: ({ labels }, report) => {
      if (labels["env"] === undefined) {
        report("metadata.labels.env", undefined, "the environment's name");
      }
    },
  }),
  objectRule({
    id: "annotation-email",
    assertion: "Workloads carry an address to write to.",
    why: "The address reaches the owners without a directory.",
    source: ANNOTATIONS,
    severity: "low",
    action: "off",
    kinds: WORKLOAD_KINDS,
    fix: "Add the annotation email.",
    anchors: ["kube-linter"],
    examples: { pass: labelled({}, { email: "orders@example.com" }), fail: labelled({}) },
    check: ({ annotations }, report) => {
      const { email } = annotations;
      if (email === undefined || !EMAIL.test(email)) {
        report("metadata.annotations.email", email, "an e-mail address");
      }
    },
  }),
  objectRule({
    id: "annotations-required",
    assertion: "Workloads carry the agreed annotations.",
    why: "Tools that read an annotation skip the objects that lack it.",
    source: ANNOTATIONS,
    severity: "low",
    action: "off",
    kinds: WORKLOAD_KINDS,
    fix: "Add the annotation.",
    anchors: ["Kyverno"],
    examples: { pass: labelled({}, { "example.com/department": "shop" }), fail: labelled({}) },
    exampleSettings: { requiredAnnotations: ["example.com/department"] },
    check: ({ annotations, pod }, report, { requiredAnnotations }) => {
      for (const name of requiredAnnotations) {
        if ((annotations[name] ?? "") === "" && (pod?.annotations[name] ?? "") === "") {
          report(`metadata.annotations${step(name)}`, annotations[name], "set");
        }
      }
    },
  }),
  objectRule({
    id: "label-values",
    assertion: "Labels have valid values.",
    why: "The API server rejects a label value that is too long or has other characters.",
    source: SYNTAX,
    severity: "medium",
    action: "mandatory",
    kinds: undefined,
    fix: "Use at most 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends.",
    anchors: ["kube-score", "Datree"],
    examples: { pass: labelled({ app: "orders" }), fail: labelled({ app: "the orders!" }) },
    check: ({ labels, pod }, report) => {
      const own = [["metadata.labels", labels] as const];
      const all =
        pod === undefined ? own : [...own, [`${pod.metadataPath}.labels`, pod.labels] as const];
      const seen = new Set<string>();
      for (const [path, pairs] of all) {
        for (const label in pairs) {
          const value = pairs[label] ?? "";
          const place = `${path}${step(label)}`;
          // A Pod's own labels and its template's are the same field.
          if (!seen.has(place) && !isLabelValue(value)) {
            report(place, value, "at most 63 letters, digits, `-`, `_` and `.`");
          }
          seen.add(place);
        }
      }
    },
  }),
  objectRule({
    id: "instance-label",
    assertion: "Workloads carry their name as instance label.",
    why: "Tools that group by app.kubernetes.io/instance then show one group per workload.",
    source: RECOMMENDED,
    severity: "low",
    action: "off",
    kinds: WORKLOAD_KINDS,
    fix: "Set the label app.kubernetes.io/instance to the object's name.",
    anchors: ["Polaris"],
    examples: { pass: labelled({ [INSTANCE]: "orders" }), fail: labelled({ [INSTANCE]: "shop" }) },
    check: ({ labels, name }, report) => {
      if (labels[INSTANCE] !== name) {
        report(`metadata.labels${step(INSTANCE)}`, labels[INSTANCE], name);
      }
    },
  }),
  podRule({
    id: "containers-per-pod",
    assertion: "Pods hold few containers.",
    why: "What is in one pod is scaled, placed and restarted together.",
    source: "https://kubernetes.io/docs/concepts/workloads/pods/",
    severity: "low",
    action: "off",
    fix: "Move what does not belong together to workloads of their own.",
    anchors: ["Kyverno"],
    examples: {
      pass: { containers: [{ name: "orders" }] },
      fail: { containers: ["a", "b", "c", "d", "e"].map((name) => ({ name })) },
    },
    check: (pod, report, { maxContainers }) => {
      const count = pod.containers.filter(({ role }) => role === "regular").length;
      if (count > maxContainers) {
        report("containers", `${count} containers`, `at most ${maxContainers}`);
      }
    },
  }),
]);

function isLabelValue(value: string): boolean {
  return (
    value.length <= LONGEST_VALUE && /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/.test(value)
  );
}
