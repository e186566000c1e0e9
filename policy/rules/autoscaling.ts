import { fields, isMap, maps, number, text, type Fields, type MutableFields } from "../core/fields";
import { type ObjectView } from "../core/object";
import { objectRule, rulesOf, stackRule } from "../core/rule";
import { namespaceOf, type Stack } from "../core/stack";
import { visit } from "../core/unknown";
import { autoscalersOf, type Autoscaler } from "../kubernetes/autoscalers";
import { deployment, manifest } from "../kubernetes/examples";

const HPA = "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/";
const AUTOSCALERS = ["HorizontalPodAutoscaler", "keda.sh/ScaledObject"];
const TARGET = { apiVersion: "apps/v1", kind: "Deployment", name: "orders" };

const autoscaler = (spec: Fields = {}, version = "v2") =>
  manifest(`autoscaling/${version}`, "HorizontalPodAutoscaler", {
    spec: { scaleTargetRef: TARGET, minReplicas: 2, maxReplicas: 5, ...spec },
  });

const CALM = {
  scaleDown: {
    stabilizationWindowSeconds: 300,
    policies: [{ type: "Pods", value: 1, periodSeconds: 60 }],
  },
};

/** Autoscalers that scale something, within sensible bounds, alone. */
export const autoscalingRules = rulesOf("availability", [
  objectRule({
    id: "hpa-min-replicas",
    assertion: "Autoscalers keep at least two pods.",
    why: "An autoscaler that goes down to one pod makes every quiet hour a single point of failure; unset means one.",
    source: HPA,
    severity: "medium",
    action: "mandatory",
    kinds: ["HorizontalPodAutoscaler"],
    fix: "Raise spec.minReplicas.",
    anchors: ["kube-linter", "Polaris", "kube-score", "Datree"],
    examples: { pass: autoscaler(), fail: autoscaler({ minReplicas: 1 }) },
    check: ({ spec }, report, { minAutoscalerReplicas }) => {
      const least = number(spec["minReplicas"]);
      if ((least ?? 1) < minAutoscalerReplicas) {
        report("spec.minReplicas", spec["minReplicas"], `at least ${minAutoscalerReplicas}`);
      }
    },
  }),
  objectRule({
    id: "hpa-max-replicas",
    assertion: "Autoscalers have room to scale.",
    why: "With maxReplicas at or below minReplicas the autoscaler does nothing, or is rejected.",
    source: HPA,
    severity: "medium",
    action: "mandatory",
    kinds: AUTOSCALERS,
    fix: "Set maxReplicas above minReplicas.",
    anchors: ["Polaris", "Datree"],
    examples: { pass: autoscaler(), fail: autoscaler({ maxReplicas: 2 }) },
    check: ({ kind, spec }, report) => {
      // KEDA defaults to 0 and 100 replicas, the HorizontalPodAutoscaler to 1 and none.
      const [minField, maxField, least, most] =
        kind === "ScaledObject"
          ? (["minReplicaCount", "maxReplicaCount", 0, 100] as const)
          : (["minReplicas", "maxReplicas", 1, 0] as const);
      const min = number(spec[minField]) ?? least;
      if ((number(spec[maxField]) ?? most) <= min) {
        report(`spec.${maxField}`, spec[maxField], `above ${minField}, which is ${min}`);
      }
    },
  }),
  stackRule({
    id: "hpa-target-missing",
    assertion: "Autoscalers scale a workload that exists.",
    why: "An autoscaler whose target is misspelt scales nothing, and nobody notices until the load comes.",
    source: HPA,
    severity: "high",
    action: "mandatory",
    kinds: AUTOSCALERS,
    fix: "Name a workload of the same namespace with its apiVersion, kind and name.",
    anchors: ["kube-linter", "kube-score"],
    examples: { pass: [autoscaler(), deployment()], fail: [autoscaler()] },
    check: (stack, report) => {
      visit(autoscalersOf(stack).all, ({ object, target }) => {
        if (!targetExists(stack, object, target)) {
          const { apiVersion, kind, name } = target;
          report(
            object,
            "spec.scaleTargetRef",
            `${apiVersion} ${kind} ${name}`,
            "a workload of the stack",
          );
        }
      });
    },
  }),
  stackRule({
    id: "hpa-replicas-set",
    assertion: "Autoscaled workloads leave the replicas to their autoscaler.",
    why: "Each deployment would reset the count that the autoscaler chose, often in the middle of the peak.",
    source: `${HPA}#migrating-deployments-and-statefulsets-to-horizontal-autoscaling`,
    severity: "high",
    action: "mandatory",
    kinds: ["Deployment", "StatefulSet", "ReplicaSet"],
    fix: "Remove spec.replicas.",
    anchors: ["kube-score"],
    examples: {
      pass: [deployment(), autoscaler()],
      fail: [deployment({ replicas: 3 }), autoscaler()],
    },
    check: (stack, report) => {
      const autoscalers = autoscalersOf(stack);
      visit(stack.ofKinds(["Deployment", "StatefulSet", "ReplicaSet"]), (object) => {
        const { replicas } = object.spec;
        // The engine then shows the count of the last run, which nobody sets any more.
        if (object.resource?.ignoreChanges?.includes("spec.replicas") === true) {
          return;
        }
        if (replicas !== undefined && replicas !== null && autoscalers.of(object).length > 0) {
          report(object, "spec.replicas", replicas, "unset, as an autoscaler decides");
        }
      });
    },
  }),
  stackRule({
    id: "hpa-duplicate",
    assertion: "One autoscaler scales one workload.",
    why: "Two autoscalers overwrite each other's count in turn.",
    source: HPA,
    severity: "high",
    action: "mandatory",
    kinds: AUTOSCALERS,
    fix: "Put the metrics into one autoscaler.",
    examples: {
      pass: [autoscaler(), deployment()],
      fail: [
        autoscaler(),
        { ...autoscaler(), metadata: { name: "orders-cpu", namespace: "shop" } },
      ],
    },
    check: (stack, report) => {
      const first = new Map<string, ObjectView>();
      visit(autoscalersOf(stack).all, ({ object, target }) => {
        const key = `${namespaceOf(object)}/${target.kind.toLowerCase()}/${target.name}`;
        const other = first.get(key);
        if (target.name === "" || isSame(other, object)) {
          return;
        }
        if (other === undefined) {
          first.set(key, object);
        } else {
          report(
            object,
            "spec.scaleTargetRef",
            `${target.kind} ${target.name}`,
            `scaled by ${other.kind} "${other.name}" alone`,
          );
        }
      });
    },
  }),
  objectRule({
    id: "hpa-scaledown",
    assertion: "Autoscalers take pods away slowly.",
    why: "Without a policy every surplus pod goes at once after the window, and without a window at the first quiet reading; the next wave finds too few.",
    source: `${HPA}#configurable-scaling-behavior`,
    severity: "low",
    action: "advisory",
    kinds: ["autoscaling/HorizontalPodAutoscaler", "HorizontalPodAutoscaler"],
    fix: "Set behavior.scaleDown with a stabilizationWindowSeconds and a policy.",
    examples: { pass: autoscaler({ behavior: CALM }), fail: autoscaler() },
    check: ({ version, spec }, report) => {
      const down = fields(fields(spec["behavior"])["scaleDown"]);
      if (version === "v1" || down["selectPolicy"] === "Disabled") {
        return;
      }
      const window = number(down["stabilizationWindowSeconds"]);
      if ((window ?? 0) <= 0) {
        report("spec.behavior.scaleDown.stabilizationWindowSeconds", window, "300 or so");
      } else if (maps(down["policies"]).length === 0) {
        report("spec.behavior.scaleDown.policies", down["policies"], "a pod or two a minute");
      }
    },
    remedy: (object, { version }) => {
      const spec = object["spec"];
      if (version !== "v1" && isMap(spec)) {
        const behavior = fields(spec["behavior"]);
        const scaleDown = { ...CALM.scaleDown, ...fields(behavior["scaleDown"]) };
        (spec as MutableFields)["behavior"] = { ...behavior, scaleDown };
      }
    },
  }),
  objectRule({
    id: "hpa-v1",
    assertion: "Autoscalers use autoscaling/v2.",
    why: "v1 knows the cpu only and no scaling behaviour.",
    source: HPA,
    severity: "low",
    action: "advisory",
    kinds: ["HorizontalPodAutoscaler"],
    fix: "Use autoscaling/v2 with metrics and behavior.",
    examples: { pass: autoscaler(), fail: autoscaler({}, "v1") },
    check: ({ apiVersion }, report) => {
      if (apiVersion === "autoscaling/v1") {
        report("apiVersion", apiVersion, "autoscaling/v2");
      }
    },
  }),
]);

function targetExists(stack: Stack, object: ObjectView, target: Autoscaler["target"]): boolean {
  const { apiVersion, kind, name } = target;
  const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  const found = stack.find(`${group ?? ""}/${kind}`, namespaceOf(object), name);
  return found !== undefined && (text(version) === undefined || found.version === version);
}

function isSame(one: ObjectView | undefined, other: ObjectView): boolean {
  return one?.kind === other.kind && one.name === other.name;
}
