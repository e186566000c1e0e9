import { type Fragment, type Rule } from "./rule";

const POD_METADATA = { name: "app" };
const CONTAINER = { name: "app", image: "registry.example/app:1.4.2" };

/** The whole objects that a rule's example stands for: containers and pods are written as fragments. */
export function exampleObjects(rule: Rule, which: "pass" | "fail"): readonly Fragment[] {
  switch (rule.judges) {
    case "stack":
      return rule.examples[which];
    case "object":
      return [rule.examples[which]];
    case "pod":
      return [pod({ containers: [CONTAINER], ...rule.examples[which] })];
    case "container":
      return [pod({ containers: [{ ...CONTAINER, ...rule.examples[which] }] })];
  }
}

function pod(spec: Fragment): Fragment {
  return { apiVersion: "v1", kind: "Pod", metadata: POD_METADATA, spec };
}
