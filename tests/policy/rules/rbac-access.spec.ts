import { clusterRole, clusterRoleBinding, role, roleBinding } from "../cluster-objects";
import { inStack } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const inRole = inStack(role, roleBinding);
const BOTH = ["rules[0]", "1/roleRef.name"];
const grant = (resource: string, ...verbs: string[]) => ({
  "rules[0]": { apiGroups: [""], resources: [resource], verbs },
});

describeRule("rbac-secrets", inRole, [
  fails("reading secrets, in the role and in its binding", grant("secrets", "get"), { at: BOTH }),
  fails("writing secrets", grant("secrets", "update"), { at: BOTH }),
  fails("reading everything", grant("*", "list"), { at: BOTH }),
  fails("any verb on secrets", grant("secrets", "*"), { at: BOTH }),
  passes("reading one named secret", {
    "rules[0]": { apiGroups: [""], resources: ["secrets"], verbs: ["get"], resourceNames: ["a"] },
  }),
  passes("resources of that name in another group", {
    "rules[0]": { apiGroups: ["example.com"], resources: ["secrets"], verbs: ["get"] },
  }),
  skips("a role without rules", { rules: undefined }),
]);

describeRule("rbac-secrets", inStack(clusterRoleBinding, clusterRole), [
  fails(
    "a binding whose role aggregates one that reads secrets",
    {
      "1/aggregationRule": { clusterRoleSelectors: [{ matchLabels: { extends: "orders" } }] },
      "2/": {
        ...clusterRole,
        metadata: { name: "more", labels: { extends: "orders" } },
        rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["list"] }],
      },
    },
    { at: ["rules[0]", "roleRef.name"] },
  ),
]);

describeRule("rbac-create-pods", inRole, [
  fails("creating pods", grant("pods", "create"), { at: BOTH }),
  fails("changing deployments", grant("deployments", "patch"), { at: BOTH }),
  passes("reading pods", grant("pods", "get", "list")),
  skips("the status of pods", grant("pods/status", "patch")),
]);

describeRule("rbac-pod-exec", inRole, [
  fails("commands in pods", grant("pods/exec", "create"), { at: BOTH }),
  fails("attaching by a web socket", grant("pods/attach", "get"), { at: BOTH }),
  fails("every resource", grant("*", "get"), { at: BOTH }),
  fails("the subresource of everything", grant("*/exec", "create"), { at: BOTH }),
  passes("reading logs", grant("pods/log", "get")),
  skips("what Kubernetes brings itself", {
    ...grant("pods/exec", "create"),
    "metadata.name": "system:node",
  }),
]);

describeRule("rbac-service-status", inRole, [
  fails("writing the status of services", grant("services/status", "patch"), { at: BOTH }),
  passes("reading it", grant("services/status", "get")),
  skips("services themselves", grant("services", "update")),
]);
