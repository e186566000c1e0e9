import { IN_USER_NAMESPACE, inContainer, inPod, ON_WINDOWS } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const POD = "/spec.template.spec.securityContext";
const INIT = "/spec.template.spec.initContainers[0]";

describeRule("allow-privilege-escalation", inContainer, [
  fails("a container that does not forbid it", {
    "securityContext.allowPrivilegeEscalation": undefined,
  }),
  fails("a container that allows it", { "securityContext.allowPrivilegeEscalation": true }),
  skips("Windows pods", { ...ON_WINDOWS, "securityContext.allowPrivilegeEscalation": undefined }),
  fails(
    "Windows pods before 1.25",
    {
      "securityContext.allowPrivilegeEscalation": undefined,
      ...ON_WINDOWS,
    },
    { settings: { podSecurityVersion: "v1.24" } },
  ),
]);

describeRule("run-as-non-root", inContainer, [
  fails(
    "a pod that does not say",
    { [`${POD}.runAsNonRoot`]: undefined },
    {
      at: "securityContext.runAsNonRoot",
    },
  ),
  fails("a container that may be root", { "securityContext.runAsNonRoot": false }),
  fails("a pod that says false although its container says true", {
    [`${POD}.runAsNonRoot`]: false,
    "securityContext.runAsNonRoot": true,
  }),
  passes("a container that says it for itself", {
    [`${POD}.runAsNonRoot`]: undefined,
    "securityContext.runAsNonRoot": true,
  }),
  skips("user namespaces", { ...IN_USER_NAMESPACE, [`${POD}.runAsNonRoot`]: undefined }),
]);

describeRule("run-as-user-zero", inPod, [
  fails("a pod that runs as root", { "securityContext.runAsUser": 0 }),
  fails("a container that runs as root", { "containers[0].securityContext.runAsUser": 0 }),
  passes("no user at all", { "securityContext.runAsUser": undefined }),
  skips("user namespaces", { hostUsers: false, "securityContext.runAsUser": 0 }),
]);

describeRule("seccomp-required", inContainer, [
  fails(
    "a pod without a profile",
    { [`${POD}.seccompProfile`]: undefined },
    {
      at: "securityContext.seccompProfile.type",
    },
  ),
  fails("an init container that takes it off", {
    [`${INIT}.securityContext.seccompProfile.type`]: "Unconfined",
  }),
  passes("a container with its own", {
    [`${POD}.seccompProfile`]: undefined,
    "securityContext.seccompProfile.type": "Localhost",
  }),
  skips("Windows pods", { ...ON_WINDOWS, [`${POD}.seccompProfile`]: undefined }),
]);

describeRule("capabilities-drop-all", inContainer, [
  fails(
    "no capabilities at all",
    { "securityContext.capabilities": undefined },
    {
      at: "securityContext.capabilities.drop",
    },
  ),
  fails("only some dropped", { "securityContext.capabilities.drop": ["NET_RAW", "SYS_ADMIN"] }),
  passes("ALL among others", { "securityContext.capabilities.drop": ["NET_RAW", "ALL"] }),
  skips("Windows pods", { ...ON_WINDOWS, "securityContext.capabilities": undefined }),
]);

describeRule("capabilities-add-restricted", inContainer, [
  fails("an added capability", { "securityContext.capabilities.add": ["CHOWN"] }),
  passes("NET_BIND_SERVICE", { "securityContext.capabilities.add": ["NET_BIND_SERVICE"] }),
  skips("Windows pods", { ...ON_WINDOWS, "securityContext.capabilities.add": ["CHOWN"] }),
]);

describeRule("volume-types", inPod, [
  fails("a network file system", {
    "volumes[0]": { name: "data", nfs: { server: "files.example", path: "/" } },
  }),
  passes("a claim", {
    "volumes[0]": { name: "data", persistentVolumeClaim: { claimName: "data" } },
  }),
  passes("a volume without a source, which is an emptyDir", { "volumes[0]": { name: "tmp" } }),
]);
