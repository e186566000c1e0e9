import { text } from "../core/fields";
import { type PodView } from "../core/pod";
import { objectRule, podRule, rulesOf, stackRule } from "../core/rule";
import { namespaceOf, type Stack } from "../core/stack";
import { visit } from "../core/unknown";
import { WORKLOAD_KINDS } from "../core/walk";

const SOURCE =
  "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/";
const TOKEN = "automountServiceAccountToken";

const account = (name: string, rest: object) => ({
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name },
  ...rest,
});
const workload = (spec: object) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "app" },
  spec: { ...spec, containers: [{ name: "app", image: "registry.example/app:1.4.2" }] },
});

/** The account a pod runs under; `default` when it names none. */
function accountOf(pod: PodView): string {
  const named = text(pod.spec["serviceAccountName"]) ?? text(pod.spec["serviceAccount"]) ?? "";
  return named === "" ? "default" : named;
}

function accountObject(stack: Stack, pod: PodView) {
  return stack.find("ServiceAccount", namespaceOf(pod.object), accountOf(pod));
}

/** The identity of pods towards the API server. */
export const serviceAccountRules = rulesOf("hardening", [
  stackRule({
    id: "automount-token",
    kinds: [...WORKLOAD_KINDS, "ServiceAccount"],
    assertion: "Pods that do not call the API server carry no token for it.",
    why: "A mounted token lets whoever breaks into the container act as the pod's account.",
    source: SOURCE,
    severity: "medium",
    action: "advisory",
    fix: "Set automountServiceAccountToken to false on the pod or on its ServiceAccount; leave it on where a Role is bound to it.",
    anchors: ["Polaris", "Checkov", "Kyverno", "Datree", "KubeSec", "Trivy"],
    implies: ["sa-automount-token", "default-sa-automount"],
    examples: {
      pass: [workload({ serviceAccountName: "app", [TOKEN]: false })],
      fail: [workload({ serviceAccountName: "app" })],
    },
    check: (stack, report) => {
      for (const object of stack.objects) {
        const { pod } = object;
        const own = pod?.spec[TOKEN] ?? undefined;
        if (pod === undefined || own === false) {
          continue;
        }
        if (own !== undefined || accountObject(stack, pod)?.raw[TOKEN] !== false) {
          report(object, `${pod.path}.${TOKEN}`, own, "false");
        }
      }
      // Of an account whose pods are not in the stack, its own setting is all there is to judge.
      const used = new Set(
        stack.objects.flatMap(({ pod }) => (pod === undefined ? [] : [accountObject(stack, pod)])),
      );
      visit(stack.ofKind("ServiceAccount"), (object) => {
        const own = object.raw[TOKEN] ?? undefined;
        if (own !== false && !used.has(object)) {
          report(object, TOKEN, own, "false");
        }
      });
    },
    remedy: (_object, podSpec) => {
      const named = podSpec["serviceAccountName"] ?? podSpec["serviceAccount"];
      if (named === undefined && podSpec[TOKEN] === undefined) {
        podSpec[TOKEN] = false;
      }
    },
  }),
  objectRule({
    id: "sa-automount-token",
    kinds: ["ServiceAccount"],
    assertion: "ServiceAccounts do not mount their token unless a pod asks for it.",
    why: "Every pod of the account gets the token otherwise, also those that never call the API server.",
    source: SOURCE,
    severity: "medium",
    action: "advisory",
    fix: "Set automountServiceAccountToken to false, and true on the pods that need it.",
    anchors: ["Kyverno"],
    examples: { pass: account("app", { [TOKEN]: false }), fail: account("app", {}) },
    check: ({ raw }, report) => {
      if (raw[TOKEN] !== false) {
        report(TOKEN, raw[TOKEN] ?? undefined, "false");
      }
    },
  }),
  objectRule({
    id: "default-sa-automount",
    kinds: ["ServiceAccount"],
    assertion: "The ServiceAccount named default mounts no token.",
    why: "Every pod that names no account runs under it.",
    source: SOURCE,
    severity: "medium",
    action: "advisory",
    fix: "Set automountServiceAccountToken to false on the default ServiceAccount.",
    anchors: ["Checkov", "Datree"],
    implies: ["sa-automount-token"],
    examples: { pass: account("default", { [TOKEN]: false }), fail: account("default", {}) },
    check: ({ raw, name }, report) => {
      if (name === "default" && raw[TOKEN] !== false) {
        report(TOKEN, raw[TOKEN] ?? undefined, "false");
      }
    },
  }),
  podRule({
    id: "default-service-account",
    assertion: "Pods run under a ServiceAccount of their own.",
    why: "Rights given to the default account are given to every pod of the namespace.",
    source: SOURCE,
    severity: "medium",
    action: "advisory",
    fix: "Create a ServiceAccount for the workload and name it in serviceAccountName.",
    anchors: ["kube-linter", "KubeSec"],
    examples: { pass: { serviceAccountName: "app" }, fail: { serviceAccountName: "default" } },
    check: (pod, report) => {
      if (accountOf(pod) === "default" && pod.spec[TOKEN] !== false) {
        report(
          "serviceAccountName",
          pod.spec["serviceAccountName"] ?? undefined,
          "an account of its own",
        );
      }
    },
  }),
  stackRule({
    id: "service-account-missing",
    kinds: WORKLOAD_KINDS,
    assertion: "The ServiceAccount that a pod names is part of the stack.",
    why: "The API server refuses pods whose ServiceAccount does not exist.",
    source: SOURCE,
    severity: "medium",
    action: "advisory",
    fix: "Add the ServiceAccount to the stack, or exempt the workload when another stack creates it.",
    anchors: ["kube-linter"],
    examples: {
      pass: [workload({ serviceAccountName: "app" }), account("app", {})],
      fail: [workload({ serviceAccountName: "app" })],
    },
    check: (stack, report) => {
      for (const object of stack.objects) {
        const { pod } = object;
        if (
          pod === undefined ||
          accountOf(pod) === "default" ||
          accountObject(stack, pod) !== undefined
        ) {
          continue;
        }
        report(
          object,
          `${pod.path}.serviceAccountName`,
          accountOf(pod),
          "the name of a ServiceAccount of the stack",
        );
      }
    },
  }),
  podRule({
    id: "deprecated-service-account",
    assertion: "Pods name their ServiceAccount by serviceAccountName.",
    why: "serviceAccount is the deprecated spelling, and the two may disagree.",
    source: "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/",
    severity: "low",
    action: "advisory",
    fix: "Rename serviceAccount to serviceAccountName.",
    anchors: ["kube-linter"],
    examples: { pass: { serviceAccountName: "app" }, fail: { serviceAccount: "app" } },
    check: (pod, report) => {
      const deprecated = pod.spec["serviceAccount"] ?? "";
      if (deprecated !== "" && deprecated !== pod.spec["serviceAccountName"]) {
        report("serviceAccount", deprecated, "unset, with serviceAccountName in its place");
      }
    },
  }),
]);
