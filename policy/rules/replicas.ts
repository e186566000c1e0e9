import { fields, has, maps, number } from "../core/fields";
import { objectRule, rulesOf, stackRule } from "../core/rule";
import { visit } from "../core/unknown";
import { DEPLOYMENT_CONFIG } from "../core/walk";
import { autoscalersOf, replicasOf } from "../kubernetes/autoscalers";
import { deployment } from "../kubernetes/examples";
import { rolloutOf, type Rollout } from "../kubernetes/rollout";

const DEPLOYMENTS = "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/";
const SCALED = ["Deployment", "StatefulSet", DEPLOYMENT_CONFIG];
/** A database of PGO, whose operator makes one StatefulSet for each instance. */
const POSTGRES = "postgres-operator.crunchydata.com/PostgresCluster";

/** Enough pods, replaced without a gap. */
export const replicaRules = rulesOf("availability", [
  stackRule({
    id: "min-replicas",
    assertion: "Deployments and StatefulSets run at least two pods.",
    why: "A single pod is an outage at every node drain, crash and rollout.",
    source: "https://kubernetes.io/docs/concepts/workloads/pods/disruptions/",
    severity: "medium",
    action: "mandatory",
    kinds: [...SCALED, POSTGRES],
    fix: "Raise spec.replicas, or let an autoscaler keep a floor.",
    anchors: [
      "kube-linter",
      "Polaris",
      "kube-score",
      "Kyverno",
      "Datree",
      "Pulumi compliance policies",
    ],
    examples: { pass: [deployment({ replicas: 2 })], fail: [deployment({ replicas: 1 })] },
    check: (stack, report, { minReplicas }) => {
      const autoscalers = autoscalersOf(stack);
      visit(stack.ofKinds(SCALED), (object) => {
        const replicas = number(object.spec["replicas"]);
        const autoscaled = autoscalers.of(object).length > 0;
        if (!autoscaled && (replicas ?? 1) < minReplicas) {
          report(object, "spec.replicas", replicas, `at least ${minReplicas}`);
        }
      });
      visit(stack.ofKind(POSTGRES), (object) => {
        const instances = maps(object.spec["instances"]);
        const replicas = instances.reduce((sum, one) => sum + (number(one["replicas"]) ?? 1), 0);
        if (replicas < minReplicas) {
          report(object, "spec.instances", `${replicas} replica(s)`, `at least ${minReplicas}`);
        }
      });
    },
  }),
  objectRule({
    id: "rolling-update",
    assertion: "Workloads replace their pods one after another.",
    why: "Recreate stops every pod before the first new one starts, and OnDelete waits for a person; both turn a release into an outage or leave it half done.",
    source: DEPLOYMENTS,
    severity: "medium",
    action: "advisory",
    kinds: ["Deployment", "StatefulSet", "DaemonSet", DEPLOYMENT_CONFIG],
    fix: "Use the strategy RollingUpdate.",
    anchors: ["kube-linter", "kube-score"],
    examples: {
      pass: deployment({ strategy: { type: "RollingUpdate" } }),
      fail: deployment({ strategy: { type: "Recreate" } }),
    },
    check: (object, report) => {
      const field = object.kind.startsWith("Deployment") ? "strategy" : "updateStrategy";
      const rolling = object.kind === "DeploymentConfig" ? "Rolling" : "RollingUpdate";
      const type = fields(object.spec[field])["type"] ?? undefined;
      if (type !== undefined && type !== "" && type !== rolling) {
        report(`spec.${field}.type`, type, rolling);
      }
    },
  }),
  stackRule({
    id: "rolling-availability",
    assertion: "A rollout keeps more than the last pod.",
    why: "With few replicas a share such as 50% takes away all but one pod, or all of them, while the new ones start.",
    source: DEPLOYMENTS,
    severity: "medium",
    action: "advisory",
    kinds: ["Deployment"],
    fix: "Set maxUnavailable 0 and maxSurge 1.",
    examples: {
      pass: [
        deployment({
          replicas: 2,
          strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        }),
      ],
      fail: [deployment({ replicas: 2, strategy: { rollingUpdate: { maxUnavailable: "50%" } } })],
    },
    check: (stack, report) => {
      const autoscalers = autoscalersOf(stack);
      visit(stack.ofKind("Deployment"), (object) => {
        const replicas = replicasOf(object, autoscalers);
        const rollout = rolloutOf(object, replicas);
        if (rollout !== undefined && losesTooMuch(rollout, replicas)) {
          const written = fields(fields(object.spec["strategy"])["rollingUpdate"])[
            "maxUnavailable"
          ];
          report(
            object,
            "spec.strategy.rollingUpdate.maxUnavailable",
            written,
            `0 with maxSurge 1, as ${replicas} replica(s) cannot spare ${rollout.unavailable}`,
          );
        }
      });
    },
  }),
  objectRule({
    id: "progress-deadline",
    assertion: "A rollout waits until new pods have proved themselves, and longer than they need.",
    why: "Without minReadySeconds a pod counts as available the moment it is ready once, so a release that crashes after a second replaces every good pod; a deadline shorter than the boot reports failure too early.",
    source: `${DEPLOYMENTS}#progress-deadline-seconds`,
    severity: "low",
    action: "advisory",
    kinds: ["Deployment"],
    fix: "Set minReadySeconds to a few seconds, and progressDeadlineSeconds above it plus the startup probe's window.",
    examples: {
      pass: deployment({ minReadySeconds: 5, progressDeadlineSeconds: 600 }),
      fail: deployment({ minReadySeconds: 30, progressDeadlineSeconds: 20 }),
    },
    check: ({ spec, pod }, report) => {
      const minReady = number(spec["minReadySeconds"]);
      if ((minReady ?? 0) === 0) {
        report("spec.minReadySeconds", minReady, "a few seconds");
      }
      const windows = (pod?.running ?? []).map((container) => startupWindow(container.spec));
      const needed = (minReady ?? 0) + Math.max(0, ...windows);
      const deadline = number(spec["progressDeadlineSeconds"]);
      const given = deadline ?? DEFAULT_DEADLINE_SECONDS;
      // The API itself wants a deadline above minReadySeconds.
      if (given < needed || given <= (minReady ?? 0)) {
        report(
          "spec.progressDeadlineSeconds",
          deadline,
          `more than the ${needed} s a pod may need`,
        );
      }
    },
  }),
  objectRule({
    id: "revision-history",
    assertion: "Deployments keep a revision to roll back to.",
    why: "With revisionHistoryLimit 0 `kubectl rollout undo` has nothing to return to.",
    source: `${DEPLOYMENTS}#clean-up-policy`,
    severity: "low",
    action: "advisory",
    kinds: ["Deployment"],
    fix: "Remove revisionHistoryLimit, or keep at least one.",
    examples: {
      pass: deployment({ revisionHistoryLimit: 3 }),
      fail: deployment({ revisionHistoryLimit: 0 }),
    },
    check: ({ spec }, report) => {
      if (has(spec, "revisionHistoryLimit") && number(spec["revisionHistoryLimit"]) === 0) {
        report("spec.revisionHistoryLimit", 0, "at least 1");
      }
    },
  }),
]);

// The API's default: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/
const DEFAULT_DEADLINE_SECONDS = 600;

/** Seconds a container may take to start; a probe tries three times every ten seconds unless it says otherwise. */
function startupWindow(container: Readonly<Record<string, unknown>>): number {
  if (!has(container, "startupProbe")) {
    return 0;
  }
  const probe = fields(container["startupProbe"]);
  const delay = number(probe["initialDelaySeconds"]) ?? 0;
  return delay + (number(probe["failureThreshold"]) ?? 3) * (number(probe["periodSeconds"]) ?? 10);
}

function losesTooMuch({ unavailable, surge, maxUnavailable }: Rollout, replicas: number): boolean {
  // A share of one replica rounds down to none.
  if (maxUnavailable.percent) {
    return replicas > 1 && replicas <= 3 && unavailable >= replicas - 1;
  }
  if (replicas <= 2) {
    return (
      (unavailable >= 1 && surge === 0 && replicas > 0) || (replicas === 2 && unavailable >= 2)
    );
  }
  return replicas === 3 && unavailable >= 2;
}
