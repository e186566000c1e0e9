import { list, number } from "../core/fields";
import { type ContainerView } from "../core/pod";
import { containerRule, podRule, rulesOf, type Report } from "../core/rule";
import { exemptAsUserNamespace } from "./pod-restricted";

const SOURCE = "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/";

/** Reports an effective id that is missing or below the floor; returns whether it did. */
function reportLowId(
  container: ContainerView,
  field: "runAsUser" | "runAsGroup",
  floor: number,
  report: Report,
): boolean {
  const { value, ...place } = container.effective(field);
  const low = (number(value) ?? 0) < floor;
  if (low) {
    report(place, value, `at least ${floor}`);
  }
  return low;
}

const highIdRule = (
  id: string,
  field: "runAsUser" | "runAsGroup",
  what: string,
  anchors: ("Checkov" | "Datree" | "KubeSec" | "Trivy")[],
) =>
  containerRule({
    id,
    assertion: `Containers run under a high ${what} id.`,
    why: `A low ${what} id may be the id of a ${what} of the node, whose files the container could then touch.`,
    source: SOURCE,
    severity: "low",
    action: "off",
    fix: `Set securityContext.${field} to 10000 or more.`,
    anchors,
    linuxOnly: true,
    examples: {
      pass: { securityContext: { [field]: 10001 } },
      fail: { securityContext: { [field]: 1000 } },
    },
    check: (container, report, settings) => {
      if (!exemptAsUserNamespace(container.pod, settings)) {
        reportLowId(container, field, settings.highId, report);
      }
    },
  });

/** The users and groups that containers run as. */
export const identityRules = rulesOf("hardening", [
  containerRule({
    id: "run-as-non-root-or-uid",
    assertion: "Containers are known not to run as root.",
    why: "Without runAsNonRoot or a numeric user, the image decides, and most images decide for root.",
    source: SOURCE,
    severity: "high",
    action: "mandatory",
    fix: "Set securityContext.runAsNonRoot to true, or runAsUser and runAsGroup to numbers above 0.",
    anchors: ["kube-linter", "Polaris", "Checkov"],
    linuxOnly: true,
    examples: {
      pass: { securityContext: { runAsUser: 10001 } },
      fail: { securityContext: { runAsUser: 0 } },
    },
    check: (container, report, settings) => {
      if (exemptAsUserNamespace(container.pod, settings)) {
        return;
      }
      const { value: user, ...userPlace } = container.effective("runAsUser");
      const { value: nonRoot, ...place } = container.effective("runAsNonRoot");
      const { value: group, ...groupPlace } = container.effective("runAsGroup");
      if (user === 0) {
        report(userPlace, 0, "above 0, or unset with runAsNonRoot: true");
      } else if (nonRoot !== true && !((number(user) ?? 0) > 0)) {
        report(place, nonRoot, "true, or runAsUser a number above 0");
      } else if (group === 0) {
        report(groupPlace, 0, "above 0, or unset");
      }
    },
  }),
  highIdRule("run-as-high-uid", "runAsUser", "user", ["Checkov", "Datree", "KubeSec", "Trivy"]),
  highIdRule("run-as-high-gid", "runAsGroup", "group", ["Datree", "KubeSec", "Trivy"]),
  containerRule({
    id: "run-as-high-ids",
    assertion: "Containers run under a high user id and a high group id.",
    why: "A low id may belong to a user or group of the node, whose files the container could then touch.",
    source: SOURCE,
    severity: "low",
    action: "off",
    fix: "Set securityContext.runAsUser and runAsGroup to 10000 or more.",
    anchors: ["kube-score"],
    implies: ["run-as-high-uid", "run-as-high-gid"],
    linuxOnly: true,
    examples: {
      pass: { securityContext: { runAsUser: 10001, runAsGroup: 10001 } },
      fail: { securityContext: { runAsUser: 10001, runAsGroup: 1000 } },
    },
    check: (container, report, { highId }) => {
      if (!reportLowId(container, "runAsUser", highId, report)) {
        reportLowId(container, "runAsGroup", highId, report);
      }
    },
  }),
  podRule({
    id: "root-groups",
    assertion: "Pods are in no root group.",
    why: "Group 0 owns files of many images and volumes, and its members read them all.",
    source: SOURCE,
    severity: "low",
    action: "advisory",
    fix: "Set runAsGroup, fsGroup and supplementalGroups to numbers above 0, or leave them unset.",
    anchors: ["Kyverno", "Trivy"],
    linuxOnly: true,
    examples: {
      pass: { securityContext: { fsGroup: 10001 } },
      fail: { securityContext: { fsGroup: 0 } },
    },
    check: (pod, report) => {
      for (const owner of [pod, ...pod.containers]) {
        if (owner.securityContext["runAsGroup"] === 0) {
          report(owner.at("securityContext.runAsGroup"), 0, "above 0, or unset");
        }
      }
      if (pod.securityContext["fsGroup"] === 0) {
        report("securityContext.fsGroup", 0, "above 0, or unset");
      }
      list(pod.securityContext["supplementalGroups"]).forEach((group, index) => {
        if (group === 0) {
          report(`securityContext.supplementalGroups[${index}]`, 0, "above 0");
        }
      });
    },
  }),
]);
