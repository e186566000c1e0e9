import { has, isMap } from "../core/fields";
import { objectRule, rulesOf, stackRule } from "../core/rule";
import { visit } from "../core/unknown";
import { manifest } from "../kubernetes/examples";
import { isClusterScoped, isKnownNamespaced } from "../kubernetes/scopes";

const NAMESPACES = "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/";
const ENFORCE = "pod-security.kubernetes.io/enforce";

const namespace = (labels: Readonly<Record<string, string>> = {}) => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: "shop", labels },
});

const config = (at: string) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "orders", namespace: at },
});

/** Everything in a namespace of its own, and the namespace fenced. */
export const namespaceRules = rulesOf("metadata", [
  objectRule({
    id: "default-namespace",
    assertion: "Objects live in a namespace of their own.",
    why: "In `default` everything shares one set of policies, quotas and rights, and a missing namespace ends wherever the caller happened to be.",
    source: NAMESPACES,
    severity: "medium",
    action: "mandatory",
    kinds: undefined,
    fix: "Set metadata.namespace to the application's namespace.",
    anchors: ["kube-linter", "Checkov", "Kyverno", "Datree", "Trivy"],
    examples: { pass: config("shop"), fail: config("default") },
    check: (object, report) => {
      const { kind, metadata, name, namespace: written } = object;
      // The cluster makes these two itself, in `default`.
      const own =
        (kind === "ServiceAccount" && name === "default") ||
        (kind === "Service" && name === "kubernetes");
      if (kind === "" || own || isClusterScoped(object)) {
        return;
      }
      if (written.toLowerCase() === "default") {
        report("metadata.namespace", written, "a namespace of the application");
      } else if (written === "" && isKnownNamespaced(object) && !has(metadata, "namespace")) {
        report("metadata.namespace", undefined, "a namespace of the application");
      }
    },
  }),
  objectRule({
    id: "kube-system-namespace",
    assertion: "Nothing of ours lives in kube-system.",
    why: "kube-system is the control plane's: pods in it are trusted, evicted last and rarely looked at.",
    source: NAMESPACES,
    severity: "medium",
    action: "advisory",
    kinds: undefined,
    fix: "Choose a namespace of the application.",
    anchors: ["Trivy"],
    examples: { pass: config("shop"), fail: config("kube-system") },
    check: ({ namespace: written, labels, spec }, report) => {
      const core =
        labels["tier"] === "control-plane" &&
        spec["priorityClassName"] === "system-node-critical" &&
        CORE_COMPONENTS.includes(labels["component"] ?? "");
      if (written === "kube-system" && !core) {
        report("metadata.namespace", written, "a namespace of the application");
      }
    },
  }),
  objectRule({
    id: "namespace-pss-labels",
    assertion: "Namespaces enforce a Pod Security Standard.",
    why: "Without the label the API server admits any pod, privileged ones included, whoever creates it.",
    source: "https://kubernetes.io/docs/concepts/security/pod-security-admission/",
    severity: "high",
    action: "mandatory",
    kinds: ["Namespace"],
    fix: `Label the namespace ${ENFORCE}: restricted, or baseline where a workload needs it.`,
    anchors: ["Kyverno"],
    examples: { pass: namespace({ [ENFORCE]: "restricted" }), fail: namespace() },
    check: ({ name, labels }, report, { systemNamespaces }) => {
      const level = labels[ENFORCE];
      if (!systemNamespaces.includes(name) && level !== "restricted" && level !== "baseline") {
        report(`metadata.labels["${ENFORCE}"]`, level, "restricted or baseline");
      }
    },
    remedy: (object) => {
      const metadata = isMap(object["metadata"]) ? object["metadata"] : {};
      const labels = isMap(metadata["labels"]) ? metadata["labels"] : {};
      object["metadata"] = { ...metadata, labels: { ...labels, [ENFORCE]: "restricted" } };
    },
  }),
  stackRule({
    id: "namespace-quota",
    assertion: "Namespaces of applications have a quota and default limits.",
    why: "Without a ResourceQuota one namespace can take the whole cluster; without a LimitRange a pod without limits does.",
    source: "https://kubernetes.io/docs/concepts/policy/resource-quotas/",
    severity: "low",
    action: "advisory",
    kinds: ["Namespace"],
    fix: "Add a ResourceQuota and a LimitRange to the namespace.",
    anchors: ["Trivy"],
    examples: {
      pass: [
        namespace(),
        manifest("v1", "ResourceQuota", { spec: { hard: { pods: "20" } } }),
        manifest("v1", "LimitRange", { spec: { limits: [] } }),
      ],
      fail: [namespace()],
    },
    check: (stack, report, { systemNamespaces }) => {
      visit(stack.ofKind("Namespace"), (object) => {
        const missing = ["ResourceQuota", "LimitRange"].filter(
          (kind) => stack.ofKind(kind, object.name).length === 0,
        );
        if (!systemNamespaces.includes(object.name) && missing.length > 0) {
          report(object, "metadata.name", object.name, `given a ${missing.join(" and a ")}`);
        }
      });
    },
  }),
  objectRule({
    id: "namespace-protect",
    assertion: "Namespaces of production are protected.",
    why: "Deleting a namespace deletes everything in it, claims included, and a renamed one is deleted.",
    source: "https://www.pulumi.com/docs/iac/concepts/options/protect/",
    severity: "low",
    action: "advisory",
    kinds: ["Namespace"],
    fix: "Set the resource option protect: true.",
    examples: { pass: namespace(), fail: namespace() },
    exampleFacts: {
      pass: { protect: true, stack: "production" },
      fail: { protect: false, stack: "production" },
    },
    check: ({ name, labels, resource }, report, { productionNames }) => {
      const names = [
        labels["environment"],
        labels["env"],
        labels["app.kubernetes.io/environment"],
        resource?.stack.split("/").at(-1),
      ];
      const production = names.some((written) => productionNames.includes(written ?? ""));
      if (resource !== undefined && production && !resource.protect) {
        report("metadata.name", name, "protected by the resource option protect");
      }
    },
  }),
]);

const CORE_COMPONENTS = ["kube-apiserver", "etcd", "kube-controller-manager", "kube-scheduler"];
