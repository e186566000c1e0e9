import { role } from "../cluster-objects";
import { inObject } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const inRole = inObject(role);
const grant = (resource: string, ...verbs: string[]) => ({
  "rules[0]": { apiGroups: ["*"], resources: [resource], verbs },
});

describeRule("rbac-configmaps", inRole, [
  fails("writing ConfigMaps", grant("configmaps", "update")),
  passes("reading ConfigMaps", grant("configmaps", "get")),
  skips("writing something else", grant("leases", "update")),
]);

describeRule("rbac-networking", inRole, [
  fails("writing NetworkPolicies", grant("networkpolicies", "delete")),
  fails("writing Services", grant("services", "*")),
  passes("reading Ingresses", grant("ingresses", "list")),
  skips("writing something else", grant("leases", "update")),
]);

describeRule("rbac-pod-logs", inRole, [
  fails("deleting logs", grant("pods/log", "deletecollection")),
  passes("reading logs", grant("pods/log", "get")),
  skips("deleting pods", grant("pods", "delete")),
]);
