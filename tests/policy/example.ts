import { type Fragment, type Rule } from "../../policy/core/rule";

const POD_METADATA = { name: "app" };
const POD_LABELS = { app: "app" };
const CONTAINER = { name: "app", image: "registry.example/app:1.4.2" };

/** The whole objects that a rule's example stands for: containers and pods are written as fragments. */
export function exampleObjects(rule: Rule, which: "pass" | "fail"): readonly Fragment[] {
  switch (rule.judges) {
    case "stack":
      return rule.examples[which];
    case "object":
      return [rule.examples[which]];
    case "pod":
      return [inWorkload(rule.kinds, { containers: [CONTAINER], ...rule.examples[which] })];
    case "container":
      return [pod({ containers: [{ ...CONTAINER, ...rule.examples[which] }] })];
  }
}

function pod(spec: Fragment): Fragment {
  return { apiVersion: "v1", kind: "Pod", metadata: POD_METADATA, spec };
}

/** A bare Pod, or the first kind that a rule judges when it does not judge those. */
function inWorkload(kinds: readonly string[], spec: Fragment): Fragment {
  const [kind = "Pod"] = kinds.includes("Pod") ? ["Pod"] : kinds;
  if (kind === "Pod") {
    return pod(spec);
  }
  const template = { metadata: { labels: POD_LABELS }, spec };
  const controller = { selector: { matchLabels: POD_LABELS }, template };
  if (kind !== "Job" && kind !== "CronJob") {
    return { apiVersion: "apps/v1", kind, metadata: POD_METADATA, spec: controller };
  }
  const job = { template: { spec } };
  return {
    apiVersion: "batch/v1",
    kind,
    metadata: POD_METADATA,
    spec: kind === "Job" ? job : { schedule: "0 3 * * *", jobTemplate: { spec: job } },
  };
}
