import { containerRule, podRule, rulesOf } from "../core/rule";

const STANDARDS = "https://kubernetes.io/docs/concepts/security/pod-security-standards/";

/** Pods keep out of the node: no privilege, no namespaces of the host. */
export const podHostRules = rulesOf("pss-baseline", [
  containerRule({
    id: "privileged-container",
    assertion: "Containers do not run privileged.",
    why: "A privileged container has every capability and every device of its node: whoever breaks out of it owns the node.",
    source: STANDARDS,
    severity: "critical",
    action: "mandatory",
    fix: "Remove securityContext.privileged, and add only the capability the process needs.",
    anchors: [
      "kube-linter",
      "Polaris",
      "kube-score",
      "Checkov",
      "Kyverno",
      "Pod Security Standards",
      "Datree",
      "KubeSec",
      "Trivy",
    ],
    implies: ["privilege-escalation-explicit"],
    examples: {
      pass: { securityContext: { privileged: false } },
      fail: { securityContext: { privileged: true } },
    },
    check: (container, report) => {
      if (container.securityContext["privileged"] === true) {
        report("securityContext.privileged", true, "false or unset");
      }
    },
  }),
  podRule({
    id: "host-network",
    assertion: "Pods do not share the network of their node.",
    why: "With hostNetwork a pod sees the node's traffic and loopback services, and network policies no longer hold it.",
    source: STANDARDS,
    severity: "high",
    action: "mandatory",
    fix: "Remove hostNetwork and expose the port by a Service.",
    anchors: [
      "kube-linter",
      "Polaris",
      "Checkov",
      "Kyverno",
      "Pod Security Standards",
      "Datree",
      "KubeSec",
      "Trivy",
    ],
    examples: { pass: { hostNetwork: false }, fail: { hostNetwork: true } },
    check: (pod, report) => {
      if (pod.spec["hostNetwork"] === true) {
        report("hostNetwork", true, "false or unset");
      }
    },
  }),
]);
