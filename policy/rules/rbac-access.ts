import { rulesOf, stackRule, type StackReport } from "../core/rule";
import { type Stack } from "../core/stack";
import { visit } from "../core/unknown";
import {
  bindingsOf,
  grants,
  grantsOf,
  isSystemObject,
  type Access,
  type Grant,
} from "../kubernetes/grants";

const GOOD_PRACTICES = "https://kubernetes.io/docs/concepts/security/rbac-good-practices/";
const ROLES = ["Role", "ClusterRole"];
const ROLES_AND_BINDINGS = [...ROLES, "RoleBinding", "ClusterRoleBinding"];

const role = (resources: readonly string[], verbs: readonly string[]) => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "Role",
  metadata: { name: "orders", namespace: "shop" },
  rules: [{ apiGroups: [""], resources, verbs }],
});

const WORKLOADS = [
  "pods",
  "deployments",
  "statefulsets",
  "daemonsets",
  "replicasets",
  "replicationcontrollers",
  "jobs",
  "cronjobs",
];

/** Roles that Kubernetes ships for people; they hold pods/exec by design. */
const USER_FACING_ROLES = ["admin", "cluster-admin", "edit", "view"];

/** Reports each role that grants the access, and each binding that hands such a role out. */
function reportAccess(
  stack: Stack,
  report: StackReport,
  wanted: string,
  matches: (grant: Grant) => boolean,
): void {
  visit(stack.ofKinds(ROLES), (object) => {
    for (const grant of grantsOf(object).filter(matches)) {
      report(object, grant.path, shown(grant), wanted);
    }
  });
  visit(bindingsOf(stack), ({ object, roleRef, roles }) => {
    if (roles.some((bound) => grantsOf(bound).some(matches))) {
      report(object, "roleRef.name", roleRef["name"], wanted);
    }
  });
}

function shown({ resources, verbs }: Grant): string {
  return `${verbs.join(", ")} on ${resources.join(", ")}`;
}

// A read that is limited to named objects is what least privilege looks like.
const anyObject = ({ resourceNames }: Grant): boolean => resourceNames.length === 0;

const SECRETS: Access = {
  resources: ["secrets"],
  verbs: [
    "get",
    "list",
    "watch",
    "create",
    "update",
    "patch",
    "delete",
    "deletecollection",
    "impersonate",
  ],
  apiGroups: ["", "core"],
};

/** What a role reaches: secrets, pods, the inside of pods. */
export const rbacAccessRules = rulesOf("rbac", [
  stackRule({
    id: "rbac-secrets",
    assertion: "Roles do not open the Secrets of a namespace.",
    why: "Reading Secrets means holding every password and token of the namespace; list and watch return their contents too.",
    source: GOOD_PRACTICES,
    severity: "high",
    action: "advisory",
    kinds: ROLES_AND_BINDINGS,
    fix: "Mount the Secret into the pod, or limit the grant by resourceNames.",
    anchors: ["kube-linter", "Checkov", "Kyverno", "Datree", "Trivy"],
    examples: { pass: [role(["services"], ["get"])], fail: [role(["secrets"], ["get"])] },
    check: (stack, report) =>
      reportAccess(
        stack,
        report,
        "without access to all secrets",
        (grant) => anyObject(grant) && grants(grant, SECRETS),
      ),
  }),
  stackRule({
    id: "rbac-create-pods",
    assertion: "Roles do not create pods or change what pods run.",
    why: "Who creates a pod chooses its ServiceAccount, its volumes and its node: the right is worth those of every account in the namespace.",
    source: GOOD_PRACTICES,
    severity: "medium",
    action: "advisory",
    kinds: ROLES_AND_BINDINGS,
    fix: "Leave workloads to the deployment tool, and give the application only reads.",
    anchors: ["kube-linter", "Datree", "Trivy"],
    examples: { pass: [role(["pods"], ["get"])], fail: [role(["pods"], ["create"])] },
    check: (stack, report) =>
      reportAccess(stack, report, "without writing workloads", (grant) =>
        grants(grant, { resources: WORKLOADS, verbs: ["create", "update", "patch"] }),
      ),
  }),
  stackRule({
    id: "rbac-pod-exec",
    assertion: "Roles do not run commands in pods.",
    why: "pods/exec and pods/attach give a shell in every pod of the namespace, with its volumes and its tokens; a GET on the web socket is enough.",
    source: GOOD_PRACTICES,
    severity: "high",
    action: "mandatory",
    kinds: ROLES_AND_BINDINGS,
    fix: "Remove pods/exec and pods/attach; debug with an ephemeral container under a person's own account.",
    anchors: ["Polaris", "Checkov", "Datree", "Trivy"],
    examples: { pass: [role(["pods"], ["get"])], fail: [role(["pods/exec"], ["create"])] },
    check: (stack, report) => {
      const reportOwn: StackReport = (object, ...rest) => {
        if (!isSystemObject(object) && !isUserFacing(object.kind, object.name)) {
          report(object, ...rest);
        }
      };
      reportAccess(stack, reportOwn, "without pods/exec and pods/attach", opensPods);
    },
  }),
  stackRule({
    id: "rbac-service-status",
    assertion: "Roles do not write the status of Services.",
    why: "Whoever sets status.loadBalancer.ingress redirects the cluster's traffic for any address (CVE-2020-8554, unfixed by design).",
    source: "https://github.com/kubernetes/kubernetes/issues/97076",
    severity: "medium",
    action: "advisory",
    kinds: ROLES_AND_BINDINGS,
    fix: "Remove services/status from the role.",
    anchors: ["Checkov"],
    examples: { pass: [role(["services"], ["get"])], fail: [role(["services/status"], ["patch"])] },
    check: (stack, report) =>
      reportAccess(stack, report, "without writing services/status", (grant) =>
        grants(grant, { resources: ["services/status"], verbs: ["update", "patch"] }),
      ),
  }),
]);

const EXEC: Access = {
  resources: ["pods/exec", "pods/attach"],
  verbs: ["get", "create", "update", "patch", "delete", "deletecollection", "impersonate"],
  apiGroups: ["", "core"],
};

function opensPods(grant: Grant): boolean {
  return grants(grant, EXEC);
}

function isUserFacing(kind: string, name: string): boolean {
  return kind === "ClusterRole" && USER_FACING_ROLES.includes(name);
}
