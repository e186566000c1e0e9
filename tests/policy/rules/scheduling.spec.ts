import { type Fragment } from "../../../policy/core/rule";
import { cronJob, deployment, inObject, inPod, job } from "../objects";
import { describeRule, fails, passes, skips, type Subject } from "../support";

/** The good Deployment's pod with more fields. */
function inPodWith(fields: Fragment): Subject {
  const copy = structuredClone(deployment) as { spec: { template: { spec: object } } };
  Object.assign(copy.spec.template.spec, fields);
  return { ...inPod, objects: [copy as unknown as Fragment] };
}

describeRule("priority-class", inPodWith({ priorityClassName: "standard" }), [
  fails("a pod without class", { priorityClassName: undefined }),
  passes("another class", { priorityClassName: "batch" }),
  skips("a kind without pods", { "/": { apiVersion: "v1", kind: "ConfigMap" } }),
]);

describeRule("priority-class-allowed", inPodWith({ priorityClassName: "system-node-critical" }), [
  fails("a class of one's own", { priorityClassName: "above-all" }),
  passes(
    "a configured class",
    { priorityClassName: "batch" },
    { settings: { allowedPriorityClasses: ["batch"] } },
  ),
  skips("a pod without class", { priorityClassName: undefined }),
]);

describeRule("node-affinity", inPodWith({ affinity: { nodeAffinity: {} } }), [
  fails("a pod for any node", { "affinity.nodeAffinity": undefined }),
  passes("a preference", {
    "affinity.nodeAffinity": { preferredDuringSchedulingIgnoredDuringExecution: [] },
  }),
  skips("a kind without pods", { "/": { apiVersion: "v1", kind: "ConfigMap" } }),
]);

const POLICY = "spec.template.spec.restartPolicy";

describeRule("restart-policy", inObject(deployment), [
  fails("a serving pod that stays down", { [POLICY]: "Never" }),
  passes("Always, written", { [POLICY]: "Always" }),
  skips("a Pod, which may end", {
    "": { apiVersion: "v1", kind: "Pod", spec: { restartPolicy: "Never" } },
  }),
]);

describeRule("restart-policy", inObject(job), [
  fails("a Job that never ends", { [POLICY]: "Always" }),
  fails("a Job that keeps the default", { [POLICY]: undefined }),
  passes("a Job that tries again", { [POLICY]: "OnFailure" }),
]);

describeRule("dns-config", inPodWith({ dnsConfig: { options: [{ name: "ndots", value: "2" }] } }), [
  fails("no options", { "dnsConfig.options": undefined }),
  fails("another value", { "dnsConfig.options[0].value": "5" }, { at: "dnsConfig.options" }),
  passes("a second option", { "dnsConfig.options[1]": { name: "single-request-reopen" } }),
  skips("a kind without pods", { "/": { apiVersion: "v1", kind: "ConfigMap" } }),
]);

describeRule("node-selection", inPod, [
  fails("a pod on one node", { nodeName: "node-1" }),
  fails("a pod on labelled nodes", { nodeSelector: { disk: "ssd" } }),
  passes("an affinity", { affinity: { nodeAffinity: {} } }),
  skips("a CronJob without either", { "/": cronJob }),
]);
