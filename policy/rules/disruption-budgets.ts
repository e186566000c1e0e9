import { fields, isMap } from "../core/fields";
import { type ObjectView } from "../core/object";
import { objectRule, rulesOf, stackRule } from "../core/rule";
import { matchesSelector, readLabels } from "../core/selectors";
import { indexSelectors, namespaceOf } from "../core/stack";
import { visit } from "../core/unknown";
import { autoscalersOf, mayHaveReplicas, replicasOf } from "../kubernetes/autoscalers";
import { APP, deployment, manifest } from "../kubernetes/examples";
import { parseIntOrPercent, resolveCount } from "../kubernetes/int-or-percent";
import { perList } from "../kubernetes/per-list";

const BUDGETS = "https://kubernetes.io/docs/tasks/run-application/configure-pdb/";
const SCALED = ["Deployment", "StatefulSet"];

const budget = (spec: Readonly<Record<string, unknown>>) =>
  manifest("policy/v1", "PodDisruptionBudget", {
    spec: { selector: { matchLabels: APP }, ...spec },
  });

const autoscaler = (minReplicas: number) =>
  manifest("autoscaling/v2", "HorizontalPodAutoscaler", {
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "orders" },
      minReplicas,
      maxReplicas: 5,
    },
  });

const isSet = (value: unknown): boolean => value !== undefined && value !== null;

/** Drains that wait for the application, and end. */
export const disruptionBudgetRules = rulesOf("availability", [
  stackRule({
    id: "pdb-missing",
    assertion: "Replicated workloads have a disruption budget.",
    why: "Without a budget a drain evicts every replica of a workload at once.",
    source: BUDGETS,
    severity: "medium",
    action: "advisory",
    kinds: SCALED,
    fix: "Add a PodDisruptionBudget with maxUnavailable 1 that selects the pods.",
    anchors: ["Polaris", "kube-score"],
    examples: {
      pass: [deployment({ replicas: 2 }), budget({ maxUnavailable: 1 })],
      fail: [deployment({ replicas: 2 })],
    },
    check: (stack, report) => {
      const autoscalers = autoscalersOf(stack);
      const budgets = indexSelectors(
        stack.ofKind("PodDisruptionBudget"),
        ({ spec }) => spec["selector"],
      );
      visit(
        SCALED.flatMap((kind) => stack.ofKind(kind)),
        (object) => {
          const { pod } = object;
          if (
            pod !== undefined &&
            mayHaveReplicas(object, autoscalers) &&
            budgets.selecting(namespaceOf(object), pod.labels).length === 0
          ) {
            report(
              object,
              pod.metadataPath + ".labels",
              { ...pod.labels },
              "selected by a PodDisruptionBudget",
            );
          }
        },
      );
    },
  }),
  objectRule({
    id: "pdb-max-unavailable-zero",
    assertion: "Disruption budgets allow an eviction.",
    why: "maxUnavailable 0 and minAvailable 100% block every drain, so nodes cannot be upgraded.",
    source: BUDGETS,
    severity: "high",
    action: "mandatory",
    kinds: ["PodDisruptionBudget"],
    fix: "Set maxUnavailable to at least 1.",
    anchors: ["kube-linter", "Polaris", "Kyverno", "Pulumi compliance policies"],
    examples: { pass: budget({ maxUnavailable: 1 }), fail: budget({ maxUnavailable: 0 }) },
    check: ({ spec }, report) => {
      const { maxUnavailable, minAvailable } = spec;
      const most = parseIntOrPercent(maxUnavailable);
      if (isSet(maxUnavailable) && (most === undefined || most.value <= 0)) {
        report("spec.maxUnavailable", maxUnavailable, "at least 1");
      }
      const least = parseIntOrPercent(minAvailable);
      if (least?.percent === true && least.value >= 100) {
        report("spec.minAvailable", minAvailable, "below 100%");
      }
    },
  }),
  stackRule({
    id: "pdb-min-available-deadlock",
    assertion: "Disruption budgets ask for fewer pods than there are.",
    why: "When minAvailable is the number of replicas no pod may ever be evicted, and every drain hangs.",
    source: BUDGETS,
    severity: "high",
    action: "mandatory",
    kinds: ["PodDisruptionBudget"],
    fix: "Lower minAvailable below the replicas, or use maxUnavailable 1.",
    anchors: ["kube-linter", "Kyverno"],
    examples: {
      pass: [budget({ minAvailable: 1 }), deployment({ replicas: 2 })],
      fail: [budget({ minAvailable: 2 }), deployment({ replicas: 2 })],
    },
    check: (stack, report) => {
      const autoscalers = autoscalersOf(stack);
      const unlabelled = stack.objects.filter(isUnlabelled);
      const ofEachSize = perList((workloads: readonly ObjectView[]) => {
        const scaled = workloads.filter(isScaled);
        const sizes = new Map(scaled.map((one) => [replicasOf(one, autoscalers), one]));
        return [...sizes.values()];
      });
      visit(stack.ofKind("PodDisruptionBudget"), (object) => {
        const { minAvailable, selector } = object.spec;
        if (!isSet(minAvailable)) {
          return;
        }
        const least = parseIntOrPercent(minAvailable);
        if (least === undefined || (least.percent && least.value >= 100)) {
          report(object, "spec.minAvailable", minAvailable, "a count below the replicas");
          return;
        }
        const blocked = [
          ...ofEachSize(stack.selected(namespaceOf(object), selector)),
          ...unlabelled.filter((workload) => isBudgeted(object, workload)),
        ].find((workload) => {
          const replicas = replicasOf(workload, autoscalers);
          return (
            isScaled(workload) && replicas > 0 && resolveCount(least, replicas, "up") >= replicas
          );
        });
        if (blocked !== undefined) {
          report(
            object,
            "spec.minAvailable",
            minAvailable,
            `below the ${replicasOf(blocked, autoscalers)} replica(s) of ${blocked.kind} "${blocked.name}"`,
          );
        }
      });
    },
  }),
  stackRule({
    id: "pdb-vs-hpa",
    assertion: "Disruption budgets ask for fewer pods than the autoscaler's floor.",
    why: "When the autoscaler scales down to its floor the budget allows no eviction any more.",
    source: BUDGETS,
    severity: "high",
    action: "mandatory",
    kinds: ["PodDisruptionBudget"],
    fix: "Lower minAvailable below minReplicas, or use maxUnavailable 1.",
    anchors: ["Polaris"],
    examples: {
      pass: [budget({ minAvailable: 1 }), deployment(), autoscaler(2)],
      fail: [budget({ minAvailable: 2 }), deployment(), autoscaler(2)],
    },
    check: (stack, report) => {
      const autoscalers = autoscalersOf(stack);
      const floorsOf = perList((workloads: readonly ObjectView[]) => {
        const found = workloads.flatMap((workload) => autoscalers.of(workload));
        return [...new Set(found.map(({ min }) => min ?? 1))];
      });
      visit(stack.ofKind("PodDisruptionBudget"), (object) => {
        const least = parseIntOrPercent(object.spec["minAvailable"]);
        if (least === undefined) {
          return;
        }
        const floor = floorsOf(stack.selected(namespaceOf(object), object.spec["selector"])).find(
          (min) => min > 0 && resolveCount(least, min, "up") >= min,
        );
        if (floor !== undefined) {
          report(
            object,
            "spec.minAvailable",
            object.spec["minAvailable"],
            `below the autoscaler's floor of ${floor}`,
          );
        }
      });
    },
  }),
  objectRule({
    id: "pdb-policy-missing",
    assertion: "Disruption budgets say how many pods may go.",
    why: "A budget with neither minAvailable nor maxUnavailable protects nothing.",
    source: BUDGETS,
    severity: "medium",
    action: "mandatory",
    kinds: ["PodDisruptionBudget"],
    fix: "Set maxUnavailable to 1.",
    anchors: ["kube-score"],
    examples: { pass: budget({ maxUnavailable: 1 }), fail: budget({}) },
    check: ({ spec }, report) => {
      if (!isSet(spec["minAvailable"]) && !isSet(spec["maxUnavailable"])) {
        report("spec.maxUnavailable", undefined, "1, or minAvailable below the replicas");
      }
    },
  }),
  objectRule({
    id: "pdb-unhealthy-eviction",
    assertion: "Disruption budgets let broken pods go.",
    why: "By default pods that are not ready may not be evicted while the budget is not met, so a crashing workload blocks every drain.",
    source: `${BUDGETS}#unhealthy-pod-eviction-policy`,
    severity: "low",
    action: "advisory",
    kinds: ["PodDisruptionBudget"],
    fix: "Set unhealthyPodEvictionPolicy: AlwaysAllow.",
    anchors: ["kube-linter"],
    examples: {
      pass: budget({ maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" }),
      fail: budget({ maxUnavailable: 1 }),
    },
    check: ({ spec }, report) => {
      if (!isSet(spec["unhealthyPodEvictionPolicy"])) {
        report("spec.unhealthyPodEvictionPolicy", undefined, "AlwaysAllow");
      }
    },
    remedy: (object) => {
      if (isMap(object["spec"])) {
        object["spec"] = { unhealthyPodEvictionPolicy: "AlwaysAllow", ...object["spec"] };
      }
    },
  }),
  objectRule({
    id: "pdb-reasonable",
    assertion: "Budgets in percent let half of the pods go.",
    why: "A tight share makes the drain of a large node pool take hours.",
    source: BUDGETS,
    severity: "low",
    action: "off",
    kinds: ["PodDisruptionBudget"],
    fix: "Use minAvailable of at most 50% or maxUnavailable of at least 50%.",
    anchors: ["Kyverno"],
    examples: { pass: budget({ minAvailable: "50%" }), fail: budget({ minAvailable: "90%" }) },
    check: ({ spec }, report) => {
      const least = parseIntOrPercent(spec["minAvailable"]);
      if (least?.percent === true && least.value > 50) {
        report("spec.minAvailable", spec["minAvailable"], "at most 50%");
      }
      const most = parseIntOrPercent(spec["maxUnavailable"]);
      if (most?.percent === true && most.value < 50) {
        report("spec.maxUnavailable", spec["maxUnavailable"], "at least 50%");
      }
    },
  }),
]);

const REPLICATED = [
  "Deployment",
  "StatefulSet",
  "ReplicaSet",
  "ReplicationController",
  "DeploymentConfig",
];

function isScaled({ kind }: ObjectView): boolean {
  return REPLICATED.includes(kind);
}

/** True for a workload whose template has no labels yet. */
function isUnlabelled({ pod }: ObjectView): boolean {
  return pod !== undefined && Object.keys(pod.labels).length === 0;
}

/** True when a budget is for a workload without labels, which is known by its own selector. */
function isBudgeted(budgetObject: ObjectView, workload: ObjectView): boolean {
  const own = readLabels(fields(workload.spec["selector"])["matchLabels"]);
  return (
    namespaceOf(workload) === namespaceOf(budgetObject) &&
    Object.keys(own).length > 0 &&
    matchesSelector(budgetObject.spec["selector"], own)
  );
}
