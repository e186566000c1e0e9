import { but, inContainer, inPod, ON_WINDOWS } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const POD = "/spec.template.spec.securityContext";

describeRule("privilege-escalation-explicit", inContainer, [
  fails("a container that allows it", { "securityContext.allowPrivilegeEscalation": true }),
  fails("a privileged container", { "securityContext.privileged": true }),
  fails("SYS_ADMIN", { "securityContext.capabilities.add": ["SYS_ADMIN"] }),
  passes("a container that does not say", {
    "securityContext.allowPrivilegeEscalation": undefined,
  }),
]);

describeRule(
  "apparmor-missing",
  but(inContainer, { [`${POD}.appArmorProfile.type`]: "RuntimeDefault" }),
  [
    fails(
      "no profile",
      { [`${POD}.appArmorProfile`]: undefined },
      { at: "securityContext.appArmorProfile" },
    ),
    passes("the annotation", {
      [`${POD}.appArmorProfile`]: undefined,
      '/spec.template.metadata.annotations["container.apparmor.security.beta.kubernetes.io/orders"]':
        "runtime/default",
    }),
    skips("Windows pods", { ...ON_WINDOWS, [`${POD}.appArmorProfile`]: undefined }),
  ],
);

describeRule("read-only-root-fs", inContainer, [
  fails("a writable root", { "securityContext.readOnlyRootFilesystem": false }),
  fails("a container that does not say", { "securityContext.readOnlyRootFilesystem": undefined }),
  fails("a value on the pod, where it means nothing", {
    "securityContext.readOnlyRootFilesystem": undefined,
    [`${POD}.readOnlyRootFilesystem`]: true,
  }),
  skips("Windows pods", { ...ON_WINDOWS, "securityContext.readOnlyRootFilesystem": undefined }),
]);

describeRule("security-context-missing", inPod, [
  fails("neither pod nor container", {
    securityContext: {},
    "containers[0].securityContext": undefined,
  }),
  passes("the container alone", { securityContext: undefined }),
]);

describeRule("security-context-missing-container", inContainer, [
  fails("a container without one", { securityContext: undefined }),
  fails("an empty one", { securityContext: {} }),
]);

describeRule("linux-hardening", inContainer, [
  fails(
    "nothing at all",
    { [`${POD}.seccompProfile`]: undefined, "securityContext.capabilities": undefined },
    {
      at: "securityContext",
    },
  ),
  fails(
    "all capabilities dropped and added back",
    {
      [`${POD}.seccompProfile`]: undefined,
      "securityContext.capabilities.add": ["ALL"],
    },
    { at: "securityContext" },
  ),
  passes("SELinux alone", {
    [`${POD}.seccompProfile`]: undefined,
    "securityContext.capabilities": undefined,
    "securityContext.seLinuxOptions": { level: "s0:c1,c2" },
  }),
]);

describeRule("host-users", but(inPod, { hostUsers: false }), [
  fails("the node's users", { hostUsers: true }),
  fails("a pod that does not say", { hostUsers: undefined }),
]);

describeRule("host-aliases", inPod, [
  fails("an alias", { hostAliases: [{ ip: "10.0.0.1", hostnames: ["db"] }] }),
  passes("an empty list", { hostAliases: [] }),
]);

describeRule("ephemeral-containers", inPod, [
  fails("a debugger", { ephemeralContainers: [{ name: "debug" }] }),
  passes("an empty list", { ephemeralContainers: [] }),
]);

describeRule("control-plane-toleration", inPod, [
  fails(
    "the control plane's taint",
    {
      "tolerations[0]": { key: "node-role.kubernetes.io/control-plane", operator: "Exists" },
    },
    { at: "tolerations[0].key" },
  ),
  fails("every taint", { "tolerations[0]": { operator: "Exists" } }),
  passes("another taint", { "tolerations[0]": { key: "dedicated", operator: "Exists" } }),
]);

describeRule("cr8escape-sysctl", inPod, [
  fails("a second setting in the value", {
    "securityContext.sysctls[0].value": "1+kernel.core_pattern=|/bin/sh",
  }),
  passes("a number", {
    "securityContext.sysctls[0]": { name: "net.core.somaxconn", value: "1024" },
  }),
]);
