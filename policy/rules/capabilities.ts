import { capabilitiesOf, normalCapabilities } from "../core/capabilities";
import { containerRule, rulesOf } from "../core/rule";

const SOURCE = "https://man7.org/linux/man-pages/man7/capabilities.7.html";
const ADD = "securityContext.capabilities.add";
const DROP = "securityContext.capabilities.drop";

const add = (...names: string[]) => ({ securityContext: { capabilities: { add: names } } });
const drop = (...names: string[]) => ({ securityContext: { capabilities: { drop: names } } });

/** The parts of root's power a container may keep, beyond the Pod Security Standards' own lists. */
export const capabilityRules = rulesOf("hardening", [
  containerRule({
    id: "capabilities-restricted-combined",
    assertion: "Containers drop all capabilities and add at most NET_BIND_SERVICE.",
    why: "Dropping ALL and adding others back leaves the container with what was added.",
    source: "https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted",
    severity: "medium",
    action: "mandatory",
    fix: "Set capabilities.drop to [ALL], and capabilities.add to [NET_BIND_SERVICE] or nothing.",
    anchors: ["Trivy", "Pod Security Standards"],
    linuxOnly: true,
    examples: { pass: drop("ALL"), fail: add("CHOWN") },
    check: (container, report) => {
      const others = normalCapabilities(container, "add").filter(
        (name) => name !== "NET_BIND_SERVICE",
      );
      if (!normalCapabilities(container, "drop").includes("ALL")) {
        report(DROP, shown(capabilitiesOf(container, "drop")), "[ALL]");
      } else if (others.length > 0) {
        report(ADD, others, "[NET_BIND_SERVICE] or unset");
      }
    },
  }),
  containerRule({
    id: "capabilities-added",
    assertion: "Containers add no capability.",
    why: "Every capability is a part of root's power; most services need none.",
    source: SOURCE,
    severity: "low",
    action: "off",
    fix: "Remove securityContext.capabilities.add.",
    anchors: ["Checkov", "Trivy", "Datree"],
    linuxOnly: true,
    examples: { pass: drop("ALL"), fail: add("NET_BIND_SERVICE") },
    check: (container, report) => {
      const added = capabilitiesOf(container, "add");
      if (added.length > 0) {
        report(ADD, added, "unset");
      }
    },
  }),
  containerRule({
    id: "capabilities-dangerous",
    assertion: "Containers do not add ALL, SYS_ADMIN or NET_ADMIN.",
    why: "These mount file systems, load programs into the kernel and rewrite the node's network: enough to leave the container.",
    source: SOURCE,
    severity: "critical",
    action: "mandatory",
    fix: "Remove the capability; move the work into a node agent or a CNI plugin.",
    anchors: ["Polaris"],
    implies: [
      "capabilities-baseline",
      "capability-sys-admin",
      "capabilities-add-restricted",
      "capabilities-added",
    ],
    linuxOnly: true,
    examples: { pass: add("NET_BIND_SERVICE"), fail: add("NET_ADMIN") },
    check: (container, report) => {
      const dangerous = normalCapabilities(container, "add").filter((name) =>
        ["ALL", "SYS_ADMIN", "NET_ADMIN"].includes(name),
      );
      if (dangerous.length > 0) {
        report(ADD, dangerous, "without them");
      }
    },
  }),
  containerRule({
    id: "capability-sys-admin",
    assertion: "Containers do not add SYS_ADMIN.",
    why: "SYS_ADMIN mounts file systems and changes namespaces: it is root by another name.",
    source: SOURCE,
    severity: "critical",
    action: "mandatory",
    fix: "Remove SYS_ADMIN from securityContext.capabilities.add.",
    anchors: ["Checkov", "KubeSec", "Trivy"],
    implies: ["privilege-escalation-explicit"],
    linuxOnly: true,
    examples: { pass: add("NET_BIND_SERVICE"), fail: add("SYS_ADMIN") },
    check: (container, report) => {
      if (normalCapabilities(container, "add").includes("SYS_ADMIN")) {
        report(ADD, capabilitiesOf(container, "add"), "without SYS_ADMIN");
      }
    },
  }),
  containerRule({
    id: "capability-sys-module",
    assertion: "Containers do not add SYS_MODULE.",
    why: "SYS_MODULE loads code into the node's kernel.",
    source: SOURCE,
    severity: "critical",
    action: "mandatory",
    fix: "Remove SYS_MODULE from securityContext.capabilities.add; load modules when the node boots.",
    anchors: ["Trivy"],
    linuxOnly: true,
    examples: { pass: add("NET_BIND_SERVICE"), fail: add("SYS_MODULE") },
    check: (container, report) => {
      if (normalCapabilities(container, "add").includes("SYS_MODULE")) {
        report(ADD, capabilitiesOf(container, "add"), "without SYS_MODULE");
      }
    },
  }),
  containerRule({
    id: "capability-net-raw",
    assertion: "Containers drop NET_RAW.",
    why: "NET_RAW, which containers have by default, forges ARP and DNS answers for the other pods of the node.",
    source: SOURCE,
    severity: "medium",
    action: "mandatory",
    fix: "Set securityContext.capabilities.drop to [ALL], or at least to [NET_RAW].",
    anchors: ["kube-linter", "Checkov", "Kyverno", "Datree", "Trivy"],
    linuxOnly: true,
    examples: { pass: drop("NET_RAW"), fail: add("NET_RAW") },
    check: (container, report) => {
      const powerful = ["ALL", "NET_RAW"];
      const dropped = capabilitiesOf(container, "drop");
      if (normalCapabilities(container, "add").some((name) => powerful.includes(name))) {
        report(ADD, capabilitiesOf(container, "add"), "without NET_RAW");
      } else if (!normalCapabilities(container, "drop").some((name) => powerful.includes(name))) {
        report(DROP, shown(dropped), "[ALL] or [NET_RAW]");
      }
    },
  }),
  containerRule({
    id: "capabilities-drop-any",
    assertion: "Containers drop at least one capability.",
    why: "A container that drops nothing keeps the runtime's default set.",
    source: SOURCE,
    severity: "low",
    action: "off",
    fix: "Set securityContext.capabilities.drop to [ALL].",
    anchors: ["KubeSec", "Trivy"],
    linuxOnly: true,
    examples: { pass: drop("NET_RAW"), fail: add("CHOWN") },
    check: (container, report) => {
      if (capabilitiesOf(container, "drop").length === 0) {
        report(DROP, undefined, "[ALL]");
      }
    },
  }),
]);

/** An empty list says as little as none. */
function shown(names: readonly string[]): readonly string[] | undefined {
  return names.length === 0 ? undefined : names;
}
