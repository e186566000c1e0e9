import { type RuleRow } from "./rule-list";

/** Rules of other checkers that this pack leaves out, each with its reason. */
export const NOT_IMPLEMENTED: readonly RuleRow[] = [
  {
    id: "sorted-keys",
    severity: "low",
    action: "off",
    kinds: ["*"],
    fix: "Sort the keys with a formatter.",
    missingReason: "it is about the style of YAML files; a program's objects have no written order",
  },
  {
    id: "psp",
    severity: "low",
    action: "off",
    kinds: ["PodSecurityPolicy"],
    fix: "Remove the PodSecurityPolicy and label the namespace for Pod Security.",
    missingReason: "the API was removed in Kubernetes 1.25; deprecated-api reports it",
  },
  {
    id: "cis-control-plane-flags",
    severity: "high",
    action: "off",
    kinds: ["Pod"],
    fix: "Check the control plane with a node scanner.",
    missingReason:
      "flags of the API server, etcd and the kubelet are the cluster's, not an application stack's",
  },
];
