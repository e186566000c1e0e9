import { capabilitiesOf } from "../core/capabilities";
import { fields, isMap, maps } from "../core/fields";
import { type PodView } from "../core/pod";
import { standardsSince } from "../core/pod-security-version";
import { containerRule, podRule, rulesOf } from "../core/rule";
import { type Settings } from "../core/settings";
import { visit } from "../core/unknown";
import { CONFINING } from "./pod-profiles";

const STANDARDS = "https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted";

// Volume sources of the restricted level; a volume without any source is an emptyDir to the API server.
const VOLUME_SOURCES = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

/** Windows pods are exempt from the Linux-only fields since 1.25. */
function exemptAsWindows(pod: PodView, settings: Settings): boolean {
  return pod.windows && standardsSince(25, settings);
}

/** Root inside a user namespace is nobody outside; the standards accept it since 1.35. */
export function exemptAsUserNamespace(pod: PodView, settings: Settings): boolean {
  return pod.userNamespace && standardsSince(35, settings);
}

/** The restricted level of the Pod Security Standards, beyond the baseline. */
export const podRestrictedRules = rulesOf("pss-restricted", [
  containerRule({
    id: "allow-privilege-escalation",
    assertion: "Containers cannot gain more privileges than they start with.",
    why: "With privilege escalation a set-user-ID binary turns an unprivileged process into root.",
    source: STANDARDS,
    severity: "high",
    action: "mandatory",
    fix: "Set securityContext.allowPrivilegeEscalation to false.",
    anchors: ["Polaris", "Checkov", "Kyverno", "Pod Security Standards", "Datree", "Trivy"],
    examples: {
      pass: { securityContext: { allowPrivilegeEscalation: false } },
      fail: { securityContext: { allowPrivilegeEscalation: true } },
    },
    check: (container, report, settings) => {
      const allowed = container.securityContext["allowPrivilegeEscalation"] ?? undefined;
      if (
        allowed !== false &&
        standardsSince(8, settings) &&
        !exemptAsWindows(container.pod, settings)
      ) {
        report("securityContext.allowPrivilegeEscalation", allowed, "false");
      }
    },
    remedy: (container) => {
      container["securityContext"] = {
        ...fields(container["securityContext"]),
        allowPrivilegeEscalation: false,
      };
    },
  }),
  containerRule({
    id: "run-as-non-root",
    assertion: "Containers must run as a user other than root.",
    why: "Root in a container is root on the node as soon as the process escapes.",
    source: STANDARDS,
    severity: "high",
    action: "mandatory",
    fix: "Set securityContext.runAsNonRoot to true on the pod, and build the image with a numeric user.",
    anchors: ["Kyverno", "Pod Security Standards", "Trivy", "Datree", "KubeSec"],
    implies: ["run-as-non-root-or-uid"],
    examples: {
      pass: { securityContext: { runAsNonRoot: true } },
      fail: { securityContext: { runAsNonRoot: false } },
    },
    check: (container, report, settings) => {
      const { pod } = container;
      const { value, ...place } = container.effective("runAsNonRoot");
      if (exemptAsUserNamespace(pod, settings)) {
        return;
      }
      if (value !== true) {
        report(place, value, "true");
      } else if (pod.securityContext["runAsNonRoot"] === false) {
        // The standards refuse a pod that says false even when every container says true.
        report(pod.at("securityContext.runAsNonRoot"), false, "true or unset");
      }
    },
    remedy: (container) => {
      container["securityContext"] = {
        ...fields(container["securityContext"]),
        runAsNonRoot: true,
      };
    },
  }),
  podRule({
    id: "run-as-user-zero",
    assertion: "Pods and containers do not ask for user 0.",
    why: "User 0 is root: an escaped process has the whole node.",
    source: STANDARDS,
    severity: "high",
    action: "mandatory",
    fix: "Set runAsUser to a number above 0, or leave it to the image.",
    anchors: ["Kyverno", "Pod Security Standards", "Trivy"],
    implies: ["run-as-non-root-or-uid", "run-as-high-uid"],
    examples: {
      pass: { securityContext: { runAsUser: 10001 } },
      fail: { securityContext: { runAsUser: 0 } },
    },
    check: (pod, report, settings) => {
      if (!standardsSince(23, settings) || exemptAsUserNamespace(pod, settings)) {
        return;
      }
      for (const owner of [pod, ...pod.containers]) {
        if (owner.securityContext["runAsUser"] === 0) {
          report(owner.at("securityContext.runAsUser"), 0, "above 0, or unset");
        }
      }
    },
  }),
  containerRule({
    id: "seccomp-required",
    assertion: "Every container runs under a seccomp profile.",
    why: "The runtime's profile blocks the system calls that most kernel exploits need.",
    source: "https://kubernetes.io/docs/tutorials/security/seccomp/",
    severity: "medium",
    action: "mandatory",
    fix: "Set securityContext.seccompProfile.type to RuntimeDefault on the pod.",
    anchors: [
      "Kyverno",
      "Pod Security Standards",
      "Trivy",
      "Checkov",
      "kube-score",
      "Datree",
      "KubeSec",
    ],
    examples: {
      pass: { securityContext: { seccompProfile: { type: "RuntimeDefault" } } },
      fail: { securityContext: { seccompProfile: { type: "Unconfined" } } },
    },
    check: (container, report, settings) => {
      if (!standardsSince(19, settings) || exemptAsWindows(container.pod, settings)) {
        return;
      }
      const { value, path, container: name } = container.effective("seccompProfile");
      const type = fields(value)["type"];
      if (!CONFINING.includes(type)) {
        report({ path: `${path}.type`, container: name }, type, "RuntimeDefault or Localhost");
      }
    },
    remedy: (container, { pod }) => {
      if (!isMap(pod.securityContext["seccompProfile"])) {
        const seccompProfile = { type: "RuntimeDefault" };
        container["securityContext"] = { seccompProfile, ...fields(container["securityContext"]) };
      }
    },
  }),
  containerRule({
    id: "capabilities-drop-all",
    assertion: "Containers drop all capabilities.",
    why: "A process keeps a dozen parts of root's power by default, and almost none needs any of them.",
    source: STANDARDS,
    severity: "medium",
    action: "mandatory",
    fix: "Set securityContext.capabilities.drop to [ALL].",
    anchors: ["Kyverno", "Pod Security Standards", "Checkov", "Polaris", "KubeSec", "Trivy"],
    implies: ["capabilities-restricted-combined", "capability-net-raw", "capabilities-drop-any"],
    examples: {
      pass: { securityContext: { capabilities: { drop: ["ALL"] } } },
      fail: { securityContext: { capabilities: { drop: ["NET_RAW"] } } },
    },
    check: (container, report, settings) => {
      const dropped = capabilitiesOf(container, "drop");
      if (
        !dropped.includes("ALL") &&
        standardsSince(22, settings) &&
        !exemptAsWindows(container.pod, settings)
      ) {
        report(
          "securityContext.capabilities.drop",
          dropped.length === 0 ? undefined : dropped,
          "[ALL]",
        );
      }
    },
    remedy: (container) => {
      const securityContext = fields(container["securityContext"]);
      const changed = { ...fields(securityContext["capabilities"]), drop: ["ALL"] };
      container["securityContext"] = { ...securityContext, capabilities: changed };
    },
  }),
  containerRule({
    id: "capabilities-add-restricted",
    assertion: "Containers add no capability but NET_BIND_SERVICE.",
    why: "Every other capability is a way to act for the node or for other users.",
    source: STANDARDS,
    severity: "medium",
    action: "mandatory",
    fix: "Remove the capability from securityContext.capabilities.add.",
    anchors: ["Kyverno", "Pod Security Standards"],
    implies: ["capabilities-restricted-combined", "capabilities-added"],
    examples: {
      pass: { securityContext: { capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } } },
      fail: { securityContext: { capabilities: { drop: ["ALL"], add: ["CHOWN"] } } },
    },
    check: (container, report, settings) => {
      const forbidden = capabilitiesOf(container, "add").filter(
        (capability) => capability !== "NET_BIND_SERVICE",
      );
      if (
        forbidden.length > 0 &&
        standardsSince(22, settings) &&
        !exemptAsWindows(container.pod, settings)
      ) {
        report("securityContext.capabilities.add", forbidden, "[NET_BIND_SERVICE] or unset");
      }
    },
  }),
  podRule({
    id: "volume-types",
    assertion: "Pods mount only volumes that the cluster manages.",
    why: "In-tree network and host volumes bypass the claims, quotas and policies of the cluster.",
    source: STANDARDS,
    severity: "medium",
    action: "mandatory",
    fix: "Use a persistent volume claim, a CSI volume, or one of the projected kinds.",
    anchors: ["Kyverno", "Pod Security Standards", "Trivy"],
    examples: {
      pass: { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }] },
      fail: { volumes: [{ name: "data", nfs: { server: "files.example", path: "/" } }] },
    },
    check: (pod, report) => {
      visit(maps(pod.spec["volumes"]).entries(), ([index, volume]) => {
        const sources = Object.keys(volume).filter(
          (key) => key !== "name" && (volume[key] ?? undefined) !== undefined,
        );
        if (sources.length > 0 && !sources.some((source) => VOLUME_SOURCES.includes(source))) {
          report(`volumes[${index}]`, sources.join(", "), `one of ${VOLUME_SOURCES.join(", ")}`);
        }
      });
    },
  }),
]);
