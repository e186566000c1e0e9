import { objectRule, rulesOf } from "../core/rule";
import { grants, grantsOf, type Access } from "../kubernetes/grants";

const GOOD_PRACTICES = "https://kubernetes.io/docs/concepts/security/rbac-good-practices/";
const ROLES = ["Role", "ClusterRole"];
const WRITES = ["create", "update", "patch", "delete", "deletecollection", "impersonate"];

const role = (resources: readonly string[], verbs: readonly string[]) => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "Role",
  metadata: { name: "orders", namespace: "shop" },
  rules: [{ apiGroups: ["", "networking.k8s.io"], resources, verbs }],
});

/** A rule that reports every grant of the named resources with one of the verbs. */
const writeRule = (
  rule: Pick<Parameters<typeof objectRule>[0], "id" | "assertion" | "why" | "severity" | "fix">,
  access: Required<Pick<Access, "resources" | "verbs">>,
) =>
  objectRule({
    ...rule,
    source: GOOD_PRACTICES,
    action: "off",
    kinds: ROLES,
    anchors: ["Trivy"],
    examples: {
      pass: role(access.resources, ["get"]),
      fail: role(access.resources, access.verbs.slice(0, 1)),
    },
    check: (object, report) => {
      for (const grant of grantsOf(object)) {
        if (grants(grant, { ...access, namedResources: true })) {
          report(
            grant.path,
            `${grant.verbs.join(", ")} on ${grant.resources.join(", ")}`,
            `without ${access.verbs.join(", ")}`,
          );
        }
      }
    },
  });

/** Writes that an audit may want to see, and that many applications need. */
export const rbacWriteRules = rulesOf("rbac", [
  writeRule(
    {
      id: "rbac-configmaps",
      assertion: "Roles do not write ConfigMaps.",
      why: "Who rewrites a ConfigMap changes how the workloads that read it behave; on some clusters (aws-auth) it changes who may log in.",
      severity: "low",
      fix: "Limit the grant to the verbs that are needed, and to named ConfigMaps.",
    },
    { resources: ["configmaps"], verbs: WRITES },
  ),
  writeRule(
    {
      id: "rbac-networking",
      assertion: "Roles do not write Services, Ingresses, endpoints or NetworkPolicies.",
      why: "Who writes them can redirect traffic, publish a workload or open what a NetworkPolicy closed.",
      severity: "medium",
      fix: "Leave the network's objects to the deployment tool.",
    },
    {
      resources: ["services", "endpoints", "endpointslices", "networkpolicies", "ingresses"],
      verbs: WRITES,
    },
  ),
  writeRule(
    {
      id: "rbac-pod-logs",
      assertion: "Roles do not delete the logs of pods.",
      why: "Deleting logs hides what an intruder did.",
      severity: "low",
      fix: "Grant get on pods/log only.",
    },
    { resources: ["pods/log"], verbs: ["delete", "deletecollection"] },
  ),
]);
