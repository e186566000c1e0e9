import { clusterRole, role } from "../cluster-objects";
import { inObject } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const RBAC = "rbac.authorization.k8s.io";
const inRole = inObject(clusterRole);
const grant = (group: string, resource: string, ...verbs: string[]) => ({
  "rules[0]": { apiGroups: [group], resources: [resource], verbs },
});

describeRule("rbac-wildcard", inRole, [
  fails("any verb", { "rules[0].verbs": ["*"] }),
  fails("any resource", { "rules[0].resources": ["*"] }),
  fails(
    "a wildcard in a later rule",
    { "rules[1]": { resources: ["pods"], verbs: ["*"] } },
    { at: "rules[1].verbs" },
  ),
  passes("a subresource of everything", { "rules[0].resources": ["*/scale"] }),
  skips("addresses that are no resources", {
    "rules[0]": { nonResourceURLs: ["*"], verbs: ["get"] },
  }),
]);

describeRule("rbac-escalate", inRole, [
  fails("bind", grant(RBAC, "clusterroles", "bind")),
  fails("escalate", grant(RBAC, "roles", "escalate")),
  fails("impersonate", grant("", "users", "impersonate")),
  fails("any verb on roles", grant(RBAC, "roles", "*")),
  fails("any verb on those one can act as", grant("", "serviceaccounts", "*")),
  passes("reading roles", grant(RBAC, "roles", "get", "list")),
  skips("any verb on something else", grant("apps", "deployments", "*")),
]);
describeRule("rbac-escalate", inObject(role), [
  skips("any verb on the accounts of a namespace", grant("", "serviceaccounts", "*")),
]);

describeRule("rbac-manage-bindings", inRole, [
  fails("creating bindings and choosing the role", {
    ...grant(RBAC, "clusterrolebindings", "create"),
    "rules[1]": { apiGroups: [RBAC], resources: ["clusterroles"], verbs: ["bind"] },
  }),
  fails("reading bindings and patching them", grant(RBAC, "rolebindings", "get", "patch")),
  fails("bind on bindings", grant(RBAC, "rolebindings", "delete", "bind")),
  passes("creating bindings alone", grant(RBAC, "rolebindings", "create")),
  skips("choosing the role alone", grant(RBAC, "clusterroles", "bind")),
]);

describeRule("rbac-nodes-proxy", inRole, [
  fails("the kubelet's API", grant("", "nodes/proxy", "get")),
  passes("the metrics of nodes", grant("", "nodes/metrics", "get")),
  skips("a resource of that name in another group", grant("example.com", "nodes/proxy", "get")),
]);

describeRule("rbac-webhooks", inRole, [
  fails(
    "writing webhooks",
    grant("admissionregistration.k8s.io", "mutatingwebhookconfigurations", "update"),
  ),
  fails("deleting webhooks", grant("*", "validatingwebhookconfigurations", "delete")),
  passes(
    "reading webhooks",
    grant("admissionregistration.k8s.io", "validatingwebhookconfigurations", "get"),
  ),
  skips("writes in another group", grant("apps", "*", "update")),
]);

const CSR = "certificates.k8s.io";

describeRule("rbac-csr", inRole, [
  fails("approving requests for a signer", {
    ...grant(CSR, "certificatesigningrequests/approval", "update"),
    "rules[1]": { apiGroups: [CSR], resources: ["signers"], verbs: ["approve"] },
  }),
  passes("approval without a signer", grant(CSR, "certificatesigningrequests/approval", "update")),
  skips("a Role, which cannot grant it", {
    "": {
      ...role,
      rules: [
        { apiGroups: [CSR], resources: ["certificatesigningrequests/approval"], verbs: ["update"] },
        { apiGroups: [CSR], resources: ["signers"], verbs: ["approve"] },
      ],
    },
  }),
]);
