import { clusterRole, clusterRoleBinding, role, roleBinding } from "../cluster-objects";
import { inObject, inStack } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const EVERYTHING = [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }];

describeRule("rbac-cluster-admin", inStack(clusterRoleBinding, clusterRole), [
  fails("a binding to cluster-admin", { "roleRef.name": "cluster-admin" }),
  fails(
    "a binding to a role that allows everything",
    { "1/rules": EVERYTHING },
    { at: "roleRef.name" },
  ),
  fails(
    "a binding to a role that lists every verb",
    {
      "1/rules": [
        {
          apiGroups: ["*"],
          resources: ["*"],
          verbs: ["get", "list", "watch", "create", "update", "patch", "delete"],
        },
      ],
    },
    { at: "roleRef.name" },
  ),
  passes("a role that is wide in one group only", {
    "1/rules": [{ apiGroups: ["apps"], resources: ["*"], verbs: ["*"] }],
  }),
  skips("what Kubernetes binds itself", {
    "metadata.name": "system:masters",
    "roleRef.name": "cluster-admin",
  }),
]);

describeRule("rbac-system-groups", inObject(roleBinding), [
  fails("a binding to everybody", { "subjects[0].name": "system:unauthenticated" }),
  fails("a binding to everybody who logged in", { "subjects[0].name": "system:authenticated" }),
  fails("a binding to the masters", { "subjects[0].name": "system:masters" }),
  passes("a group of one's own", { "subjects[0]": { kind: "Group", name: "shop:developers" } }),
  skips("a binding without subjects", { subjects: undefined }),
]);

describeRule("rbac-default-sa", inObject(roleBinding), [
  fails("a binding to the default account", { "subjects[0].name": "default" }),
  passes("a user of that name", { "subjects[0]": { kind: "User", name: "default" } }),
  skips("a role", { "": role }),
]);

const CONSTRAINTS = {
  apiVersion: "security.openshift.io/v1",
  kind: "SecurityContextConstraints",
  metadata: { name: "orders" },
  allowPrivilegedContainer: false,
};

describeRule("scc-privileged", inObject(CONSTRAINTS), [
  fails("a constraint that allows privilege", { allowPrivilegedContainer: true }),
  passes("one that does not say", { allowPrivilegedContainer: undefined }),
  skips("another kind", { kind: "SecurityPolicy", allowPrivilegedContainer: true }),
]);
