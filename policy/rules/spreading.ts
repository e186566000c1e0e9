import { fields, isMap, maps, number, strings, text, type Fields } from "../core/fields";
import { type PodView } from "../core/pod";
import { podRule, rulesOf, stackRule } from "../core/rule";
import { isEmptySelector, matchesSelector } from "../core/selectors";
import { namespaceOf } from "../core/stack";
import { visit } from "../core/unknown";
import { DEPLOYMENT_CONFIG } from "../core/walk";
import { autoscalersOf, mayHaveReplicas } from "../kubernetes/autoscalers";
import { APP, deployment } from "../kubernetes/examples";

const SPREAD =
  "https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/";
const AFFINITY = "https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/";

const CONSTRAINT = {
  topologyKey: "kubernetes.io/hostname",
  maxSkew: 1,
  whenUnsatisfiable: "ScheduleAnyway",
  labelSelector: { matchLabels: APP },
};

const SPREAD_KINDS = ["Deployment", "StatefulSet", "ReplicaSet", DEPLOYMENT_CONFIG];

const SPREADING_KEYS = [
  "kubernetes.io/hostname",
  "topology.kubernetes.io/zone",
  "topology.kubernetes.io/region",
  "failure-domain.beta.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region",
];

/** Pods of a workload on different nodes. */
export const spreadingRules = rulesOf("availability", [
  stackRule({
    id: "anti-affinity",
    assertion: "Replicas prefer different nodes.",
    why: "The scheduler may put every replica on one node, and the node's end is then the application's.",
    source: AFFINITY,
    severity: "medium",
    action: "advisory",
    kinds: SPREAD_KINDS,
    fix: "Add a topologySpreadConstraint over kubernetes.io/hostname, or a podAntiAffinity whose selector matches the pod's own labels.",
    anchors: ["kube-linter", "kube-score", "Datree"],
    examples: {
      pass: [deployment({ replicas: 2 }, { topologySpreadConstraints: [CONSTRAINT] })],
      fail: [deployment({ replicas: 2 })],
    },
    check: (stack, report) => {
      const autoscalers = autoscalersOf(stack);
      visit(stack.ofKinds(SPREAD_KINDS), (object) => {
        const { pod } = object;
        if (pod !== undefined && mayHaveReplicas(object, autoscalers) && !keepsApart(pod)) {
          const affinity = fields(pod.spec["affinity"])["podAntiAffinity"];
          report(
            object,
            `${pod.path}.affinity.podAntiAffinity`,
            affinity,
            "a term that selects the pod's own labels over kubernetes.io/hostname or the zone",
          );
        }
      });
    },
  }),
  podRule({
    id: "topology-spread",
    assertion: "Deployments and StatefulSets spread their pods.",
    why: "Without a constraint the scheduler only tends to spread, and a whole application can end in one zone.",
    source: SPREAD,
    severity: "medium",
    action: "advisory",
    kinds: ["Deployment", "StatefulSet"],
    fix: "Add topologySpreadConstraints over kubernetes.io/hostname and topology.kubernetes.io/zone.",
    anchors: ["Polaris", "Kyverno"],
    examples: { pass: { topologySpreadConstraints: [CONSTRAINT] }, fail: {} },
    check: (pod, report) => {
      const single = (number(pod.object.spec["replicas"]) ?? 2) < 2;
      if (!single && maps(pod.spec["topologySpreadConstraints"]).length === 0) {
        report(
          "topologySpreadConstraints",
          pod.spec["topologySpreadConstraints"],
          "a constraint per node and zone",
        );
      }
    },
  }),
  podRule({
    id: "topology-spread-valid",
    assertion: "Spread constraints are complete and count the pod's own replicas.",
    why: "The API server rejects an incomplete constraint; one whose selector misses the pod itself spreads nothing.",
    source: SPREAD,
    severity: "medium",
    action: "mandatory",
    fix: "Give every constraint a topologyKey, a maxSkew and minDomains of at least 1, a whenUnsatisfiable, and a labelSelector that matches the pod.",
    anchors: ["kube-score"],
    examples: {
      pass: { topologySpreadConstraints: [{ ...CONSTRAINT, labelSelector: {} }] },
      fail: { topologySpreadConstraints: [{ ...CONSTRAINT, maxSkew: 0 }] },
    },
    check: (pod, report) => {
      maps(pod.spec["topologySpreadConstraints"]).forEach((constraint, index) => {
        const flaw = flawOf(constraint, pod);
        if (flaw !== undefined) {
          const [field, wanted] = flaw;
          report(`topologySpreadConstraints[${index}].${field}`, constraint[field], wanted);
        }
      });
    },
  }),
  podRule({
    id: "topology-spread-unschedulable",
    assertion: "Spread constraints do not keep pods from running.",
    why: "DoNotSchedule leaves pods pending when a zone is full or gone, which is when they are needed.",
    source: SPREAD,
    severity: "low",
    action: "off",
    fix: "Use whenUnsatisfiable: ScheduleAnyway.",
    anchors: ["Datree"],
    examples: {
      pass: { topologySpreadConstraints: [CONSTRAINT] },
      fail: { topologySpreadConstraints: [{ ...CONSTRAINT, whenUnsatisfiable: "DoNotSchedule" }] },
    },
    check: (pod, report) => {
      maps(pod.spec["topologySpreadConstraints"]).forEach(({ whenUnsatisfiable }, index) => {
        if (whenUnsatisfiable === "DoNotSchedule") {
          report(
            `topologySpreadConstraints[${index}].whenUnsatisfiable`,
            whenUnsatisfiable,
            "ScheduleAnyway",
          );
        }
      });
    },
  }),
]);

/** True when a constraint or an anti-affinity term keeps the pod's replicas apart. */
function keepsApart(pod: PodView): boolean {
  const antiAffinity = fields(fields(pod.spec["affinity"])["podAntiAffinity"]);
  const terms = [
    ...maps(antiAffinity["requiredDuringSchedulingIgnoredDuringExecution"]),
    ...maps(antiAffinity["preferredDuringSchedulingIgnoredDuringExecution"]).map((preferred) =>
      fields(preferred["podAffinityTerm"]),
    ),
  ];
  return (
    terms.some((term) => keepsApartBy(term, pod)) ||
    maps(pod.spec["topologySpreadConstraints"]).some(({ labelSelector }) =>
      matchesSelector(labelSelector, pod.labels),
    )
  );
}

function keepsApartBy(term: Fields, pod: PodView): boolean {
  const namespaces = strings(term["namespaces"]);
  const here = namespaceOf(pod.object);
  return (
    SPREADING_KEYS.includes(text(term["topologyKey"]) ?? "") &&
    (namespaces.length === 0 || namespaces.includes(here)) &&
    matchesSelector(term["labelSelector"], pod.labels)
  );
}

/** The first field of a constraint that is wrong, and what it should be. */
function flawOf(constraint: Fields, pod: PodView): [string, string] | undefined {
  const { labelSelector, minDomains, whenUnsatisfiable } = constraint;
  if (!isMap(labelSelector)) {
    return ["labelSelector", "a selector that matches the pod's labels"];
  }
  if ((number(constraint["maxSkew"]) ?? 0) < 1) {
    return ["maxSkew", "at least 1"];
  }
  if (minDomains !== undefined && minDomains !== null && (number(minDomains) ?? 0) < 1) {
    return ["minDomains", "at least 1, or unset"];
  }
  if ((text(constraint["topologyKey"]) ?? "") === "") {
    return ["topologyKey", "a node label such as kubernetes.io/hostname"];
  }
  if (whenUnsatisfiable !== "DoNotSchedule" && whenUnsatisfiable !== "ScheduleAnyway") {
    return ["whenUnsatisfiable", "DoNotSchedule or ScheduleAnyway"];
  }
  if (!isEmptySelector(labelSelector) && !matchesSelector(labelSelector, pod.labels)) {
    return ["labelSelector", "a selector that matches the pod's own labels"];
  }
  return undefined;
}
