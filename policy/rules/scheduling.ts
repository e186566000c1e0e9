import { fields, isMap, maps, scalarText, text } from "../core/fields";
import { podRule, rulesOf } from "../core/rule";

const PRIORITY = "https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/";
const ASSIGN = "https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/";
const DNS =
  "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-dns-config";
const LIFECYCLE =
  "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy";

/** Kinds whose pods the API server only accepts with the restart policy Always. */
const ALWAYS_RESTARTED = [
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "ReplicaSet",
  "ReplicationController",
];

/** Where pods run, who goes first, and what starts them again. */
export const schedulingRules = rulesOf("availability", [
  podRule({
    id: "priority-class",
    assertion: "Pods name a priority class.",
    why: "Without one, which pod is evicted from a full node is chance.",
    source: PRIORITY,
    severity: "low",
    action: "off",
    fix: "Set priorityClassName.",
    anchors: ["Polaris", "Kyverno"],
    examples: { pass: { priorityClassName: "standard" }, fail: {} },
    check: ({ spec }, report) => {
      if ((text(spec["priorityClassName"]) ?? "") === "") {
        report("priorityClassName", undefined, "a PriorityClass of the cluster");
      }
    },
  }),
  podRule({
    id: "priority-class-allowed",
    assertion: "Pods name only accepted priority classes.",
    why: "A class above the others evicts their pods.",
    source: PRIORITY,
    severity: "low",
    action: "off",
    fix: "Use one of the accepted classes.",
    anchors: ["kube-linter", "Kyverno"],
    examples: {
      pass: { priorityClassName: "system-node-critical" },
      fail: { priorityClassName: "above-all" },
    },
    check: ({ spec }, report, { allowedPriorityClasses }) => {
      const name = (text(spec["priorityClassName"]) ?? "").trim();
      if (name !== "" && !allowedPriorityClasses.includes(name)) {
        report("priorityClassName", name, allowedPriorityClasses.join(" or "));
      }
    },
  }),
  podRule({
    id: "node-affinity",
    assertion: "Pods say which nodes they fit.",
    why: "On a cluster with several node pools a pod without node affinity runs on any of them.",
    source: ASSIGN,
    severity: "low",
    action: "off",
    fix: "Set affinity.nodeAffinity.",
    anchors: ["kube-linter"],
    examples: {
      pass: {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] },
          },
        },
      },
      fail: {},
    },
    check: ({ spec }, report) => {
      if (!isMap(fields(spec["affinity"])["nodeAffinity"])) {
        report("affinity.nodeAffinity", undefined, "a rule about the nodes that fit");
      }
    },
  }),
  podRule({
    id: "restart-policy",
    assertion: "Pods restart as their kind requires.",
    why: "The API server rejects a Deployment's pod that is not always restarted, and a Job's pod that is.",
    source: LIFECYCLE,
    severity: "medium",
    action: "mandatory",
    kinds: [...ALWAYS_RESTARTED, "Job", "CronJob"],
    fix: "Remove restartPolicy from a pod that serves; set OnFailure or Never for a Job.",
    anchors: ["kube-linter", "Datree"],
    examples: { pass: { restartPolicy: "Always" }, fail: { restartPolicy: "Never" } },
    check: (pod, report) => {
      const { restartPolicy } = pod.spec;
      if (pod.completes) {
        if (restartPolicy !== "OnFailure" && restartPolicy !== "Never") {
          report("restartPolicy", restartPolicy, "OnFailure or Never");
        }
      } else if (
        restartPolicy !== undefined &&
        restartPolicy !== null &&
        restartPolicy !== "Always"
      ) {
        report("restartPolicy", restartPolicy, "Always");
      }
    },
  }),
  podRule({
    id: "dns-config",
    assertion: "Pods resolve outside names without asking for cluster ones first.",
    why: "With the default ndots:5 each lookup of an outside name tries every search domain first, five queries for one.",
    source: DNS,
    severity: "low",
    action: "off",
    fix: 'Set dnsConfig.options to [{name: ndots, value: "2"}].',
    anchors: ["kube-linter"],
    examples: { pass: { dnsConfig: { options: [{ name: "ndots", value: "2" }] } }, fail: {} },
    check: ({ spec }, report) => {
      const options = maps(fields(spec["dnsConfig"])["options"]);
      if (!options.some(({ name, value }) => name === "ndots" && scalarText(value) === "2")) {
        report("dnsConfig.options", undefined, "with ndots 2");
      }
    },
  }),
  podRule({
    id: "node-selection",
    assertion: "Pods are not pinned to nodes.",
    why: "nodeName steps around the scheduler, and a nodeSelector leaves pods pending when its nodes are gone.",
    source: ASSIGN,
    severity: "low",
    action: "off",
    fix: "Use node affinity that prefers, or leave the choice to the scheduler.",
    anchors: ["Kyverno"],
    examples: { pass: {}, fail: { nodeName: "node-1" } },
    check: ({ spec }, report) => {
      for (const field of ["nodeName", "nodeSelector"]) {
        const value = spec[field];
        if (value !== undefined && value !== null && value !== "") {
          report(field, value, "unset");
        }
      }
    },
  }),
]);
