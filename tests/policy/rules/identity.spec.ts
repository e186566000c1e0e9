import { IN_USER_NAMESPACE, inContainer, inPod } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const POD = "/spec.template.spec.securityContext";
const INIT = "/spec.template.spec.initContainers[0]";

describeRule("run-as-non-root-or-uid", inContainer, [
  fails("a container that runs as root", { "securityContext.runAsUser": 0 }),
  fails(
    "a pod that says neither",
    {
      [`${POD}.runAsNonRoot`]: undefined,
      [`${POD}.runAsUser`]: undefined,
    },
    { at: "securityContext.runAsNonRoot" },
  ),
  fails("the root group", { "securityContext.runAsGroup": 0 }),
  passes("a user without runAsNonRoot", { [`${POD}.runAsNonRoot`]: undefined }),
  passes("runAsNonRoot without a user", { [`${POD}.runAsUser`]: undefined }),
  skips("user namespaces", { ...IN_USER_NAMESPACE, "securityContext.runAsUser": 0 }),
]);

for (const [id, field] of [
  ["run-as-high-uid", "runAsUser"],
  ["run-as-high-gid", "runAsGroup"],
] as const) {
  describeRule(id, inContainer, [
    fails("a low id", { [`securityContext.${field}`]: 9999 }),
    fails("an unknown id", { [`${POD}.${field}`]: undefined }, { at: `securityContext.${field}` }),
    passes("the lowest high id", { [`securityContext.${field}`]: 10_000 }),
    passes("a lower floor", { [`securityContext.${field}`]: 2000 }, { settings: { highId: 2000 } }),
  ]);
}

describeRule("run-as-high-ids", inContainer, [
  fails("a low group", { "securityContext.runAsGroup": 1000 }),
  fails("a low user", { "securityContext.runAsUser": 1000 }),
  passes("two high ids of its own", {
    "securityContext.runAsUser": 20_000,
    "securityContext.runAsGroup": 20_000,
  }),
]);

describeRule("root-groups", inPod, [
  fails("the root group", { "securityContext.runAsGroup": 0 }),
  fails("the root group of a container", { "containers[0].securityContext.runAsGroup": 0 }),
  fails("volumes of the root group", { "securityContext.fsGroup": 0 }),
  fails("the root group among others", { "securityContext.supplementalGroups[0]": 0 }),
  passes("other groups", {
    "securityContext.fsGroup": 1000,
    "securityContext.supplementalGroups": [1000],
  }),
]);

describeRule("run-as-high-uid", inContainer, [
  fails("an init container with a low id", { [`${INIT}.securityContext.runAsUser`]: 1000 }),
]);
