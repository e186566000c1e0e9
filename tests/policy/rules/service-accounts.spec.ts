import { deployment, inObject, inPod, inStack } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const POD = "spec.template.spec";

const account = {
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name: "orders", namespace: "shop" },
  automountServiceAccountToken: false,
};

describeRule("automount-token", inStack(deployment, account), [
  fails("a pod that mounts it", { [`${POD}.automountServiceAccountToken`]: true }),
  fails("a pod and an account that do not say", {
    [`${POD}.automountServiceAccountToken`]: undefined,
    "1/automountServiceAccountToken": undefined,
  }),
  passes("an account that says it for the pod", {
    [`${POD}.automountServiceAccountToken`]: undefined,
  }),
  fails("an account of another namespace", {
    [`${POD}.automountServiceAccountToken`]: undefined,
    "1/metadata.namespace": "other",
  }),
  passes("an account that leaves it to its pods", { "1/automountServiceAccountToken": undefined }),
]);
describeRule("automount-token", inObject(account), [
  fails("an account without pods that does not say", { automountServiceAccountToken: undefined }),
]);

describeRule("sa-automount-token", inObject(account), [
  fails("an account that does not say", { automountServiceAccountToken: undefined }),
  fails("an account that mounts it", { automountServiceAccountToken: true }),
  passes("an account with more fields", { imagePullSecrets: [{ name: "registry" }] }),
]);

describeRule("default-sa-automount", inObject({ ...account, metadata: { name: "default" } }), [
  fails("the default account that does not say", { automountServiceAccountToken: undefined }),
  skips("another account", { "metadata.name": "orders", automountServiceAccountToken: true }),
]);

describeRule("default-service-account", inPod, [
  fails("no account", { serviceAccountName: undefined, automountServiceAccountToken: undefined }),
  fails("the default account", {
    serviceAccountName: "default",
    automountServiceAccountToken: true,
  }),
  passes("the deprecated spelling", {
    serviceAccountName: undefined,
    serviceAccount: "orders",
    automountServiceAccountToken: undefined,
  }),
  skips("a pod without a token", { serviceAccountName: undefined }),
]);

describeRule("service-account-missing", inStack(deployment, account), [
  fails("an account of another name", { [`${POD}.serviceAccountName`]: "missing" }),
  fails(
    "an account of another namespace",
    { "1/metadata.namespace": "other" },
    {
      at: `${POD}.serviceAccountName`,
    },
  ),
  skips("the default account", { [`${POD}.serviceAccountName`]: undefined }),
]);

describeRule("deprecated-service-account", inPod, [
  fails("the deprecated spelling", { serviceAccount: "billing" }),
  passes("both spellings alike", { serviceAccount: "orders" }),
]);
