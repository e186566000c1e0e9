import { capabilitiesOf, normalCapabilities } from "../core/capabilities";
import { fields, isMap, list, maps, scalarText, text } from "../core/fields";
import { type ContainerView } from "../core/pod";
import { containerRule, podRule, rulesOf } from "../core/rule";
import { visit } from "../core/unknown";

const SOURCE = "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/";
const APPARMOR_ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";
const CONTROL_PLANE = ["node-role.kubernetes.io/master", "node-role.kubernetes.io/control-plane"];

/** The container's AppArmor profile: the field, else the annotation that came before it. */
function appArmor(container: ContainerView): unknown {
  return (
    fields(container.effective("appArmorProfile").value)["type"] ??
    container.pod.annotations[APPARMOR_ANNOTATION + container.name]
  );
}

function saysSomething(value: unknown): boolean {
  return isMap(value) && Object.keys(value).length > 0;
}

/** What a pod should refuse beyond the Pod Security Standards. */
export const podHardeningRules = rulesOf("hardening", [
  containerRule({
    id: "privilege-escalation-explicit",
    assertion: "Containers do not ask for privilege escalation, openly or through what implies it.",
    why: "privileged and SYS_ADMIN switch privilege escalation on whatever the field says.",
    source: SOURCE,
    severity: "high",
    action: "mandatory",
    fix: "Set allowPrivilegeEscalation to false, and remove privileged and SYS_ADMIN.",
    anchors: ["kube-linter", "KubeSec"],
    linuxOnly: true,
    examples: {
      pass: { securityContext: { allowPrivilegeEscalation: false } },
      fail: { securityContext: { allowPrivilegeEscalation: true } },
    },
    check: (container, report) => {
      const { allowPrivilegeEscalation, privileged } = container.securityContext;
      if (allowPrivilegeEscalation === true) {
        report("securityContext.allowPrivilegeEscalation", true, "false");
      } else if (privileged === true) {
        report("securityContext.privileged", true, "false or unset");
      } else if (normalCapabilities(container, "add").includes("SYS_ADMIN")) {
        report(
          "securityContext.capabilities.add",
          capabilitiesOf(container, "add"),
          "without SYS_ADMIN",
        );
      }
    },
  }),
  containerRule({
    id: "apparmor-missing",
    assertion: "Containers name their AppArmor profile.",
    why: "Whether an unnamed profile applies depends on the node.",
    source: "https://kubernetes.io/docs/tutorials/security/apparmor/",
    severity: "low",
    action: "off",
    fix: "Set securityContext.appArmorProfile.type to RuntimeDefault on the pod.",
    anchors: ["KubeSec", "Trivy", "Polaris"],
    linuxOnly: true,
    examples: {
      pass: { securityContext: { appArmorProfile: { type: "RuntimeDefault" } } },
      fail: { securityContext: {} },
    },
    check: (container, report) => {
      if (
        !/^(?:RuntimeDefault|Localhost|Unconfined|runtime\/default|localhost\/.+|unconfined)$/.test(
          scalarText(appArmor(container)),
        )
      ) {
        report("securityContext.appArmorProfile", undefined, "{type: RuntimeDefault}");
      }
    },
  }),
  containerRule({
    id: "read-only-root-fs",
    assertion: "Containers cannot write to their own image.",
    why: "A read-only root keeps an intruder from replacing binaries, and keeps data out of a place that is lost on restart.",
    source: SOURCE,
    severity: "medium",
    action: "advisory",
    fix: "Set securityContext.readOnlyRootFilesystem to true and mount an emptyDir where the process writes.",
    anchors: [
      "kube-linter",
      "Polaris",
      "kube-score",
      "Checkov",
      "Kyverno",
      "Datree",
      "KubeSec",
      "Trivy",
      "Pulumi compliance policies",
    ],
    linuxOnly: true,
    examples: {
      pass: { securityContext: { readOnlyRootFilesystem: true } },
      fail: { securityContext: { readOnlyRootFilesystem: false } },
    },
    check: (container, report) => {
      const readOnly = container.securityContext["readOnlyRootFilesystem"] ?? undefined;
      if (readOnly !== true) {
        report("securityContext.readOnlyRootFilesystem", readOnly, "true");
      }
    },
    remedy: (container) => {
      container["securityContext"] = {
        ...fields(container["securityContext"]),
        readOnlyRootFilesystem: true,
      };
    },
  }),
  podRule({
    id: "security-context-missing",
    assertion: "Pods say something about their security.",
    why: "A pod without any security context runs with every default of the runtime.",
    source: SOURCE,
    severity: "low",
    action: "off",
    fix: "Set a securityContext on the pod and on its containers.",
    anchors: ["Checkov", "Datree", "Trivy"],
    examples: {
      pass: { securityContext: { runAsNonRoot: true } },
      fail: { containers: [{ name: "app", image: "registry.example/app:1.4.2" }] },
    },
    check: (pod, report) => {
      if (![pod, ...pod.containers].some((owner) => saysSomething(owner.securityContext))) {
        report("securityContext", undefined, "set on the pod or on its containers");
      }
    },
  }),
  containerRule({
    id: "security-context-missing-container",
    assertion: "Containers have a security context of their own.",
    why: "Privilege escalation, capabilities and the root file system can only be set on the container.",
    source: SOURCE,
    severity: "low",
    action: "off",
    fix: "Set securityContext on the container.",
    anchors: ["Checkov"],
    examples: { pass: { securityContext: { privileged: false } }, fail: {} },
    check: (container, report) => {
      if (!saysSomething(container.securityContext)) {
        report("securityContext", undefined, "set");
      }
    },
  }),
  containerRule({
    id: "linux-hardening",
    assertion:
      "Containers use at least one of AppArmor, seccomp, SELinux and dropped capabilities.",
    why: "Without any of them only the container's namespaces stand between the process and the node.",
    source: SOURCE,
    severity: "low",
    action: "off",
    fix: "Set seccompProfile to RuntimeDefault and drop ALL capabilities.",
    anchors: ["Polaris"],
    linuxOnly: true,
    examples: { pass: { securityContext: { capabilities: { drop: ["ALL"] } } }, fail: {} },
    check: (container, report) => {
      const profile = [
        appArmor(container),
        fields(container.effective("seccompProfile").value)["type"],
      ];
      const hardened =
        profile.some((type) => typeof type === "string" && !/^unconfined$/i.test(type)) ||
        saysSomething(container.effective("seLinuxOptions").value) ||
        (capabilitiesOf(container, "drop").length > 0 &&
          !normalCapabilities(container, "add").includes("ALL"));
      if (!hardened) {
        report(
          "securityContext",
          undefined,
          "at least one of appArmorProfile, seccompProfile, seLinuxOptions, capabilities.drop",
        );
      }
    },
  }),
  podRule({
    id: "host-users",
    assertion: "Pods run in a user namespace.",
    why: "In a user namespace root inside the pod is nobody on the node.",
    source: "https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/",
    severity: "low",
    action: "off",
    fix: "Set hostUsers to false.",
    anchors: ["KubeSec"],
    linuxOnly: true,
    examples: { pass: { hostUsers: false }, fail: { hostUsers: true } },
    check: (pod, report) => {
      if (pod.spec["hostUsers"] !== false) {
        report("hostUsers", pod.spec["hostUsers"] ?? undefined, "false");
      }
    },
  }),
  podRule({
    id: "host-aliases",
    assertion: "Pods do not rewrite their hosts file.",
    why: "hostAliases redirects names to addresses that nobody sees in DNS.",
    source: "https://kubernetes.io/docs/tasks/network/customize-hosts-file-for-pods/",
    severity: "low",
    action: "off",
    fix: "Remove hostAliases, and add the name to DNS or create a Service for it.",
    anchors: ["KubeSec", "Trivy"],
    examples: { pass: {}, fail: { hostAliases: [{ ip: "10.0.0.1", hostnames: ["db"] }] } },
    check: (pod, report) => {
      if (list(pod.spec["hostAliases"]).length > 0) {
        report("hostAliases", `${list(pod.spec["hostAliases"]).length} entries`, "unset");
      }
    },
  }),
  podRule({
    id: "ephemeral-containers",
    assertion: "Declared pods have no ephemeral containers.",
    why: "Ephemeral containers are for debugging a running pod; in a manifest they are left over or refused.",
    source: "https://kubernetes.io/docs/concepts/workloads/pods/ephemeral-containers/",
    severity: "medium",
    action: "advisory",
    fix: "Remove ephemeralContainers; use kubectl debug when needed.",
    anchors: ["Kyverno"],
    examples: {
      pass: {},
      fail: { ephemeralContainers: [{ name: "debug", image: "registry.example/tools:1.0.0" }] },
    },
    check: (pod, report) => {
      if (list(pod.spec["ephemeralContainers"]).length > 0) {
        report(
          "ephemeralContainers",
          `${list(pod.spec["ephemeralContainers"]).length} containers`,
          "unset",
        );
      }
    },
  }),
  podRule({
    id: "control-plane-toleration",
    assertion: "Pods stay off the control plane's nodes.",
    why: "A pod beside the API server and etcd can starve them, and an escape there is an escape to everything.",
    source:
      "https://kubernetes.io/docs/reference/labels-annotations-taints/#node-role-kubernetes-io-control-plane-taint",
    severity: "medium",
    action: "advisory",
    fix: "Remove the toleration, or name the exact taints of the nodes you mean.",
    anchors: ["Kyverno"],
    examples: {
      pass: {
        tolerations: [
          { key: "dedicated", operator: "Equal", value: "batch", effect: "NoSchedule" },
        ],
      },
      fail: { tolerations: [{ key: "node-role.kubernetes.io/control-plane", operator: "Exists" }] },
    },
    check: (pod, report) => {
      visit(maps(pod.spec["tolerations"]).entries(), ([index, toleration]) => {
        const key = text(toleration["key"]) ?? "";
        if (CONTROL_PLANE.includes(key)) {
          report(`tolerations[${index}].key`, key, "another taint than the control plane's");
        } else if (key === "" && toleration["operator"] === "Exists") {
          report(
            `tolerations[${index}]`,
            toleration,
            "limited to a key, as this one tolerates every taint",
          );
        }
      });
    },
  }),
  podRule({
    id: "cr8escape-sysctl",
    assertion: "Values of sysctls contain neither + nor =.",
    why: "Some releases of CRI-O pass such a value on as a command and let the pod escape to the node.",
    source: "https://nvd.nist.gov/vuln/detail/CVE-2022-0811",
    severity: "high",
    action: "mandatory",
    fix: "Remove the sysctl; no real kernel parameter has such a value.",
    anchors: ["Kyverno"],
    examples: {
      pass: { securityContext: { sysctls: [{ name: "net.ipv4.tcp_syncookies", value: "1" }] } },
      fail: {
        securityContext: {
          sysctls: [{ name: "kernel.shm_rmid_forced", value: "1+kernel.core_pattern=|/bin/sh" }],
        },
      },
    },
    check: (pod, report) => {
      maps(pod.securityContext["sysctls"]).forEach((sysctl, index) => {
        const value = text(sysctl["value"]) ?? "";
        if (/[+=]/.test(value)) {
          report(`securityContext.sysctls[${index}].value`, value, "without + and =");
        }
      });
    },
  }),
]);
