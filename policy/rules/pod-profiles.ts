import { capabilitiesOf } from "../core/capabilities";
import { isMap, type Fields } from "../core/fields";
import { type Place, type PodView } from "../core/pod";
import { standardsSince } from "../core/pod-security-version";
import { containerRule, podRule, rulesOf, type Report } from "../core/rule";

const STANDARDS = "https://kubernetes.io/docs/concepts/security/pod-security-standards/";

const APPARMOR_ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";
const SECCOMP_POD_ANNOTATION = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_CONTAINER_ANNOTATION = "container.seccomp.security.alpha.kubernetes.io/";

/** The types of a seccomp or AppArmor profile that confine. */
export const CONFINING: readonly unknown[] = ["RuntimeDefault", "Localhost"];

// https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline (Capabilities)
const DEFAULT_CAPABILITIES: readonly string[] = [
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
];

/** Calls back for the pod's own security context and each container's, with the path of each. */
function eachContext(
  pod: PodView,
  field: string,
  judge: (profile: Fields, at: (key: string) => Place) => void,
): void {
  for (const owner of [pod, ...pod.containers]) {
    const profile = owner.securityContext[field];
    if (isMap(profile)) {
      judge(profile, (key) => owner.at(`securityContext.${field}.${key}`));
    }
  }
}

function reportAnnotations(
  pod: PodView,
  report: Report,
  bad: (key: string, value: string) => boolean,
): void {
  for (const [key, value] of Object.entries(pod.annotations)) {
    if (bad(key, value)) {
      report(
        { path: `${pod.metadataPath}.annotations["${key}"]`, container: "" },
        value,
        "removed",
      );
    }
  }
}

/** Security modules of the kernel stay on. */
export const podProfileRules = rulesOf("pss-baseline", [
  podRule({
    id: "selinux-options",
    assertion: "Pods keep to the SELinux types of containers.",
    why: "A custom SELinux user, role or type takes a container out of the confinement of its node.",
    source: STANDARDS,
    severity: "high",
    action: "mandatory",
    fix: "Remove user and role, and use one of the container types or none.",
    anchors: ["Kyverno", "Pod Security Standards", "Datree", "Trivy"],
    linuxOnly: true,
    examples: {
      pass: { securityContext: { seLinuxOptions: { type: "container_t" } } },
      fail: { securityContext: { seLinuxOptions: { type: "spc_t" } } },
    },
    check: (pod, report, settings) => {
      const types = ["", "container_t", "container_init_t", "container_kvm_t"];
      const allowed: readonly unknown[] = standardsSince(31, settings)
        ? [...types, "container_engine_t"]
        : types;
      eachContext(pod, "seLinuxOptions", (options, at) => {
        const { type = "", user = "", role = "" } = options;
        if (!allowed.includes(type ?? "")) {
          report(at("type"), type, `one of ${allowed.slice(1).join(", ")}, or unset`);
        }
        for (const [key, value] of Object.entries({ user, role })) {
          if ((value ?? "") !== "") {
            report(at(key), value, "unset");
          }
        }
      });
    },
  }),
  podRule({
    id: "apparmor-profile",
    assertion: "Pods do not switch AppArmor off.",
    why: "The runtime's AppArmor profile keeps a container from mounting file systems and writing to /proc.",
    source: "https://kubernetes.io/docs/tutorials/security/apparmor/",
    severity: "high",
    action: "mandatory",
    fix: "Remove the profile or annotation, or set the type to RuntimeDefault or Localhost.",
    anchors: ["Kyverno", "Pod Security Standards", "KubeSec"],
    examples: {
      pass: { securityContext: { appArmorProfile: { type: "RuntimeDefault" } } },
      fail: { securityContext: { appArmorProfile: { type: "Unconfined" } } },
    },
    check: (pod, report) => {
      eachContext(pod, "appArmorProfile", (profile, at) => {
        const { type } = profile;
        if (!CONFINING.includes(type)) {
          report(at("type"), type, "RuntimeDefault or Localhost");
        }
      });
      reportAnnotations(
        pod,
        report,
        (key, value) =>
          key.startsWith(APPARMOR_ANNOTATION) &&
          !/^(runtime\/default|localhost\/.*|)$/s.test(value),
      );
    },
  }),
  podRule({
    id: "seccomp-unconfined",
    assertion: "Pods do not switch seccomp off.",
    why: "Without a seccomp profile a container may use every system call of the kernel it shares with its node.",
    source: "https://kubernetes.io/docs/tutorials/security/seccomp/",
    severity: "high",
    action: "mandatory",
    fix: "Set seccompProfile.type to RuntimeDefault, or to Localhost with a profile of your own.",
    anchors: ["Kyverno", "Pod Security Standards", "KubeSec", "Trivy"],
    implies: ["seccomp-required"],
    examples: {
      pass: { securityContext: { seccompProfile: { type: "RuntimeDefault" } } },
      fail: { securityContext: { seccompProfile: { type: "Unconfined" } } },
    },
    check: (pod, report, settings) => {
      if (!standardsSince(19, settings)) {
        const names = pod.containers.map(({ name }) => SECCOMP_CONTAINER_ANNOTATION + name);
        const keys = [SECCOMP_POD_ANNOTATION, ...names];
        reportAnnotations(
          pod,
          report,
          (key, value) =>
            keys.includes(key) &&
            !/^(runtime\/default|docker\/default|localhost\/.*)$/s.test(value),
        );
        return;
      }
      eachContext(pod, "seccompProfile", (profile, at) => {
        const { type } = profile;
        if (!CONFINING.includes(type)) {
          report(at("type"), type, "RuntimeDefault or Localhost");
        }
      });
    },
  }),
  containerRule({
    id: "capabilities-baseline",
    assertion: "Containers add no capability beyond the runtime's default set.",
    why: "Capabilities such as NET_ADMIN or SYS_PTRACE are parts of root's power over the node.",
    source: STANDARDS,
    severity: "high",
    action: "mandatory",
    fix: "Remove the capability from securityContext.capabilities.add.",
    anchors: ["Kyverno", "Pod Security Standards", "Datree"],
    implies: [
      "capabilities-add-restricted",
      "capabilities-restricted-combined",
      "capabilities-added",
    ],
    examples: {
      pass: { securityContext: { capabilities: { add: ["NET_BIND_SERVICE"] } } },
      fail: { securityContext: { capabilities: { add: ["SYS_PTRACE"] } } },
    },
    check: (container, report) => {
      const forbidden = capabilitiesOf(container, "add").filter(
        (capability) => !DEFAULT_CAPABILITIES.includes(capability),
      );
      if (forbidden.length > 0) {
        report(
          "securityContext.capabilities.add",
          forbidden,
          "within the default set of the container runtime",
        );
      }
    },
  }),
]);
