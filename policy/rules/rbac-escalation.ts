import { type ObjectView } from "../core/object";
import { objectRule, rulesOf, type Report } from "../core/rule";
import { grants, grantsOf, RBAC_GROUP, type Grant } from "../kubernetes/grants";

const GOOD_PRACTICES = "https://kubernetes.io/docs/concepts/security/rbac-good-practices/";
const ROLES = ["Role", "ClusterRole"];

const role = (kind: string, apiGroup: string, resources: string[], verbs: string[]) => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind,
  metadata: kind === "Role" ? { name: "orders", namespace: "shop" } : { name: "orders" },
  rules: [{ apiGroups: [apiGroup], resources, verbs }],
});

const READ_ONLY = role("ClusterRole", "", ["pods"], ["get", "list"]);

/** Resources that hold rights. */
const BINDINGS = ["rolebindings", "clusterrolebindings"];
const RIGHTS = ["roles", "clusterroles", ...BINDINGS];
/** Resources that a caller can act as. */
const IDENTITIES = ["users", "groups", "serviceaccounts"];
const WRITES = ["create", "update", "patch", "delete", "deletecollection", "impersonate"];

function reportGrants(
  object: ObjectView,
  report: Report,
  wanted: string,
  matches: (grant: Grant) => boolean,
): void {
  for (const grant of grantsOf(object)) {
    if (matches(grant)) {
      report(grant.path, `${grant.verbs.join(", ")} on ${grant.resources.join(", ")}`, wanted);
    }
  }
}

/** Rights that lead to more rights. */
export const rbacEscalationRules = rulesOf("rbac", [
  objectRule({
    id: "rbac-wildcard",
    assertion: "Roles name the verbs and resources they allow.",
    why: "A wildcard grants whatever a later release or a new custom resource adds, unread.",
    source: GOOD_PRACTICES,
    severity: "high",
    action: "mandatory",
    kinds: ROLES,
    fix: "List the verbs and resources that are used.",
    anchors: ["kube-linter", "Checkov", "Kyverno", "Datree", "Trivy"],
    examples: { pass: READ_ONLY, fail: role("ClusterRole", "", ["pods"], ["*"]) },
    check: (object, report) => {
      for (const { path, resources, verbs } of grantsOf(object)) {
        if (verbs.includes("*")) {
          report(`${path}.verbs`, verbs.join(", "), "the verbs that are used");
        }
        if (resources.includes("*") || resources.includes("*/*")) {
          report(`${path}.resources`, resources.join(", "), "the resources that are used");
        }
      }
    },
  }),
  objectRule({
    id: "rbac-escalate",
    assertion: "Roles do not bind, escalate or impersonate.",
    why: "These verbs exist to step around the check that nobody grants more than they hold.",
    source: GOOD_PRACTICES,
    severity: "critical",
    action: "mandatory",
    kinds: ROLES,
    fix: "Remove bind, escalate and impersonate; let the deployment tool create the bindings.",
    anchors: ["Checkov", "Kyverno", "Datree", "Trivy"],
    examples: { pass: READ_ONLY, fail: role("ClusterRole", RBAC_GROUP, ["roles"], ["escalate"]) },
    check: (object, report) =>
      reportGrants(
        object,
        report,
        "without bind, escalate and impersonate",
        (grant) => escalates(grant) || (object.kind === "ClusterRole" && impersonates(grant)),
      ),
  }),
  objectRule({
    id: "rbac-manage-bindings",
    assertion: "Roles do not both write bindings and choose the role to bind.",
    why: "The two together hand out any role, cluster-admin included.",
    source: GOOD_PRACTICES,
    severity: "high",
    action: "mandatory",
    kinds: ROLES,
    fix: "Remove the write on bindings, or the bind on roles.",
    anchors: ["Checkov", "Trivy"],
    examples: {
      pass: READ_ONLY,
      fail: {
        ...READ_ONLY,
        rules: [
          { apiGroups: [RBAC_GROUP], resources: ["clusterrolebindings"], verbs: ["create"] },
          { apiGroups: [RBAC_GROUP], resources: ["clusterroles"], verbs: ["bind"] },
        ],
      },
    },
    check: (object, report) => {
      const all = grantsOf(object);
      const writes = all.filter((grant) =>
        grants(grant, { resources: BINDINGS, verbs: ["create", "update", "patch"] }),
      );
      const chooses = all.some((grant) =>
        grants(grant, { resources: ["roles", "clusterroles", ...BINDINGS], verbs: ["bind"] }),
      );
      // Who reads a binding and patches it adds subjects to roles that are bound already (Trivy KSV-0055).
      const joins = (grant: Grant): boolean =>
        grants(grant, { verbs: ["get"] }) && grants(grant, { verbs: ["patch"] });
      for (const grant of all) {
        if ((writes.includes(grant) && (chooses || joins(grant))) || bindsByName(grant)) {
          report(
            grant.path,
            `${grant.verbs.join(", ")} on ${grant.resources.join(", ")}`,
            "without writing bindings",
          );
        }
      }
    },
  }),
  objectRule({
    id: "rbac-nodes-proxy",
    assertion: "ClusterRoles do not reach the kubelet through nodes/proxy.",
    why: "nodes/proxy talks to the kubelet's API directly: commands in every pod of the node, past admission control and the audit log.",
    source: GOOD_PRACTICES,
    severity: "high",
    action: "mandatory",
    kinds: ROLES,
    fix: "Use nodes/metrics, nodes/stats or nodes/log for what monitoring needs.",
    anchors: ["Kyverno", "Trivy"],
    examples: { pass: READ_ONLY, fail: role("ClusterRole", "", ["nodes/proxy"], ["get"]) },
    check: (object, report) =>
      reportGrants(object, report, "without nodes/proxy", (grant) =>
        grants(grant, {
          resources: ["nodes/proxy"],
          apiGroups: ["", "core"],
          namedResources: true,
        }),
      ),
  }),
  objectRule({
    id: "rbac-webhooks",
    assertion: "Roles do not write admission webhooks.",
    why: "An admission webhook reads and rewrites every object that reaches the cluster, Secrets included.",
    source: GOOD_PRACTICES,
    severity: "high",
    action: "mandatory",
    kinds: ROLES,
    fix: "Let the deployment tool create the webhook configuration; limit an operator's update to its own by resourceNames and exempt it.",
    anchors: ["Checkov", "Kyverno", "Trivy"],
    examples: {
      pass: READ_ONLY,
      fail: role(
        "ClusterRole",
        "admissionregistration.k8s.io",
        ["mutatingwebhookconfigurations"],
        ["update"],
      ),
    },
    check: (object, report) =>
      reportGrants(object, report, "without writing webhook configurations", (grant) =>
        grants(grant, {
          resources: ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"],
          verbs: WRITES,
          namedResources: !grant.apiGroups.includes("admissionregistration.k8s.io"),
        }),
      ),
  }),
  objectRule({
    id: "rbac-csr",
    assertion: "ClusterRoles do not approve certificate signing requests.",
    why: "Approval together with a signer's approve issues client certificates for any user, for as long as they are valid.",
    source: GOOD_PRACTICES,
    severity: "high",
    action: "mandatory",
    kinds: ["ClusterRole"],
    fix: "Leave the approval to the kube-controller-manager or to a named approver.",
    anchors: ["Checkov", "Kyverno"],
    examples: {
      pass: READ_ONLY,
      fail: {
        ...READ_ONLY,
        rules: [
          {
            apiGroups: ["certificates.k8s.io"],
            resources: ["certificatesigningrequests/approval"],
            verbs: ["update"],
          },
          { apiGroups: ["certificates.k8s.io"], resources: ["signers"], verbs: ["approve"] },
        ],
      },
    },
    check: (object, report) => {
      const all = grantsOf(object);
      const approval = all.find((grant) =>
        grants(grant, {
          resources: ["certificatesigningrequests/approval"],
          verbs: ["update", "patch"],
        }),
      );
      const signer = all.find((grant) =>
        grants(grant, { resources: ["signers"], verbs: ["approve"] }),
      );
      if (approval !== undefined && signer !== undefined) {
        report(
          approval.path,
          `${approval.verbs.join(", ")} on ${approval.resources.join(", ")}`,
          "without approving certificates",
        );
      }
    },
  }),
]);

/** True for a grant of `bind` on bindings, where it needs no second grant to be meant (Checkov CKV_K8S_157). */
function bindsByName({ resources, verbs }: Grant): boolean {
  return verbs.includes("bind") && resources.some((resource) => BINDINGS.includes(resource));
}

function escalates(grant: Grant): boolean {
  if (grant.verbs.some((verb) => ["bind", "escalate", "impersonate"].includes(verb))) {
    return true;
  }
  // A wildcard verb on the objects that hold rights includes the three.
  return grant.verbs.includes("*") && grants(grant, { resources: RIGHTS, apiGroups: [RBAC_GROUP] });
}

// A wildcard verb on whom one can act as includes impersonate; of a Role, which ends at its namespace,
// `rbac-wildcard` says enough.
function impersonates(grant: Grant): boolean {
  return (
    grant.verbs.includes("*") && grants(grant, { resources: IDENTITIES, apiGroups: ["", "core"] })
  );
}
