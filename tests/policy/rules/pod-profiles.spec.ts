import { inContainer, inPod, ON_WINDOWS } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

describeRule("selinux-options", inPod, [
  fails("a type outside of containers", { "securityContext.seLinuxOptions.type": "spc_t" }),
  skips("Windows pods", { "securityContext.seLinuxOptions.type": "spc_t", ...ON_WINDOWS }),
  fails("a user", { "containers[0].securityContext.seLinuxOptions.user": "system_u" }),
  fails("a role", { "securityContext.seLinuxOptions.role": "sysadm_r" }),
  fails(
    "container_engine_t before 1.31",
    { "securityContext.seLinuxOptions.type": "container_engine_t" },
    {
      settings: { podSecurityVersion: "v1.30" },
    },
  ),
  passes("a container type with a level", {
    "securityContext.seLinuxOptions": { type: "container_t", level: "s0:c1,c2" },
  }),
]);

const APPARMOR = `/spec.template.metadata.annotations["container.apparmor.security.beta.kubernetes.io/orders"]`;

describeRule("apparmor-profile", inPod, [
  fails("an unconfined pod", { "securityContext.appArmorProfile.type": "Unconfined" }),
  fails("an unconfined container", {
    "containers[0].securityContext.appArmorProfile.type": "Unconfined",
  }),
  fails("an unconfined annotation", { [APPARMOR]: "unconfined" }),
  passes("a profile of the node", {
    "securityContext.appArmorProfile": { type: "Localhost", localhostProfile: "web" },
  }),
  passes("the runtime's annotation", { [APPARMOR]: "runtime/default" }),
  skips("the annotation of the controller", {
    '/metadata.annotations["container.apparmor.security.beta.kubernetes.io/orders"]': "unconfined",
  }),
]);

const SECCOMP = `/spec.template.metadata.annotations["seccomp.security.alpha.kubernetes.io/pod"]`;

describeRule("seccomp-unconfined", inPod, [
  fails("an unconfined pod", { "securityContext.seccompProfile.type": "Unconfined" }),
  fails("an unconfined container", {
    "containers[0].securityContext.seccompProfile.type": "Unconfined",
  }),
  fails(
    "an unconfined annotation before 1.19",
    { [SECCOMP]: "unconfined" },
    {
      settings: { podSecurityVersion: "v1.18" },
    },
  ),
  passes("no profile at all", { "securityContext.seccompProfile": undefined }),
  skips("the annotation, which nothing reads since 1.19", { [SECCOMP]: "unconfined" }),
]);

describeRule("capabilities-baseline", inContainer, [
  fails("a capability beyond the default set", { "securityContext.capabilities.add": ["NET_RAW"] }),
  fails("another spelling of one in the set, which the API server refuses", {
    "securityContext.capabilities.add": ["chown"],
  }),
  passes("one of the default set", { "securityContext.capabilities.add": ["CHOWN"] }),
]);
