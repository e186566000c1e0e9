import { maps } from "../core/fields";
import { objectRule, rulesOf, stackRule } from "../core/rule";
import { visit } from "../core/unknown";
import { bindingsOf, grantsOf, isSystemObject, isUnlimited } from "../kubernetes/grants";

const GOOD_PRACTICES = "https://kubernetes.io/docs/concepts/security/rbac-good-practices/";
const BINDINGS = ["ClusterRoleBinding", "RoleBinding"];

const binding = (name: string, roleRef: string, subject: Readonly<Record<string, string>>) => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "RoleBinding",
  metadata: { name, namespace: "shop" },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: roleRef },
  subjects: [subject],
});

const ACCOUNT = { kind: "ServiceAccount", name: "orders", namespace: "shop" };

/** Groups that hold everybody, or everything. */
const SYSTEM_SUBJECTS = [
  "system:masters",
  "system:anonymous",
  "system:unauthenticated",
  "system:authenticated",
];

/** Who is given a role. */
export const rbacBindingRules = rulesOf("rbac", [
  stackRule({
    id: "rbac-cluster-admin",
    assertion: "Nothing is bound to cluster-admin or to a role that allows everything.",
    why: "Whoever takes over a cluster-admin's token owns the whole cluster, every namespace and every secret in it.",
    source: GOOD_PRACTICES,
    severity: "critical",
    action: "mandatory",
    kinds: BINDINGS,
    fix: "Bind a Role that names the resources and verbs the subject uses.",
    anchors: ["kube-linter", "Polaris", "Kyverno", "Datree", "Trivy"],
    examples: {
      pass: [binding("orders", "view", ACCOUNT)],
      fail: [binding("orders", "cluster-admin", ACCOUNT)],
    },
    check: (stack, report) => {
      visit(bindingsOf(stack), ({ object, roleRef, roles }) => {
        if (isSystemObject(object)) {
          return;
        }
        if (roleRef["name"] === "cluster-admin") {
          report(object, "roleRef.name", "cluster-admin", "a role with only what is needed");
        } else if (roles.some((role) => grantsOf(role).some(isUnlimited))) {
          report(object, "roleRef.name", roleRef["name"], "a role without `*` on everything");
        }
      });
    },
  }),
  objectRule({
    id: "rbac-system-groups",
    assertion: "No role is bound to everybody or to the group of masters.",
    why: "system:anonymous, system:unauthenticated and system:authenticated are anybody who reaches the API server; system:masters bypasses authorization for good.",
    source: GOOD_PRACTICES,
    severity: "critical",
    action: "mandatory",
    kinds: BINDINGS,
    fix: "Bind the role to the ServiceAccount, user or group that needs it.",
    anchors: ["Kyverno", "Datree", "KubeSec", "Trivy"],
    examples: {
      pass: binding("orders", "view", ACCOUNT),
      fail: binding("orders", "view", { kind: "Group", name: "system:unauthenticated" }),
    },
    check: ({ raw }, report) => {
      maps(raw["subjects"]).forEach(({ name }, index) => {
        if (typeof name === "string" && SYSTEM_SUBJECTS.includes(name)) {
          report(`subjects[${index}].name`, name, "a subject of your own");
        }
      });
    },
  }),
  objectRule({
    id: "rbac-default-sa",
    assertion: "No role is bound to a namespace's default ServiceAccount.",
    why: "Every pod that names no account runs as `default`, so the role goes to all of them.",
    source: GOOD_PRACTICES,
    severity: "medium",
    action: "advisory",
    kinds: BINDINGS,
    fix: "Give the workload a ServiceAccount of its own and bind that one.",
    anchors: ["Checkov"],
    examples: {
      pass: binding("orders", "view", ACCOUNT),
      fail: binding("orders", "view", { ...ACCOUNT, name: "default" }),
    },
    check: ({ raw }, report) => {
      maps(raw["subjects"]).forEach((subject, index) => {
        if (subject["kind"] === "ServiceAccount" && subject["name"] === "default") {
          report(`subjects[${index}].name`, "default", "a ServiceAccount of the workload's own");
        }
      });
    },
  }),
  objectRule({
    id: "scc-privileged",
    assertion: "SecurityContextConstraints do not allow privileged containers.",
    why: "On OpenShift the constraint decides what a pod may ask for; one that allows privilege gives the node to whoever may use it.",
    source:
      "https://docs.redhat.com/en/documentation/openshift_container_platform/latest/html/authentication_and_authorization/managing-pod-security-policies",
    severity: "high",
    action: "off",
    kinds: ["security.openshift.io/SecurityContextConstraints", "SecurityContextConstraints"],
    fix: "Set allowPrivilegedContainer to false.",
    anchors: ["kube-linter"],
    examples: {
      pass: {
        apiVersion: "security.openshift.io/v1",
        kind: "SecurityContextConstraints",
        metadata: { name: "orders" },
        allowPrivilegedContainer: false,
      },
      fail: {
        apiVersion: "security.openshift.io/v1",
        kind: "SecurityContextConstraints",
        metadata: { name: "orders" },
        allowPrivilegedContainer: true,
      },
    },
    check: ({ raw }, report) => {
      if (raw["allowPrivilegedContainer"] === true) {
        report("allowPrivilegedContainer", true, "false");
      }
    },
  }),
]);
