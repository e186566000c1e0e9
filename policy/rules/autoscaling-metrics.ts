import { fields, maps, number, strings, text, type Fields } from "../core/fields";
import { type ObjectView } from "../core/object";
import { type ContainerView } from "../core/pod";
import { rulesOf, stackRule } from "../core/rule";
import { namespaceOf } from "../core/stack";
import { visit } from "../core/unknown";
import { autoscalersOf } from "../kubernetes/autoscalers";
import { deployment, manifest } from "../kubernetes/examples";

const TARGET = { apiVersion: "apps/v1", kind: "Deployment", name: "orders" };

const autoscaler = manifest("autoscaling/v2", "HorizontalPodAutoscaler", {
  spec: {
    scaleTargetRef: TARGET,
    minReplicas: 2,
    maxReplicas: 5,
    metrics: [
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
      },
    ],
  },
});

const vertical = (updateMode: string) =>
  manifest("autoscaling.k8s.io/v1", "VerticalPodAutoscaler", {
    spec: { targetRef: TARGET, updatePolicy: { updateMode } },
  });

const requesting = deployment(
  {},
  {
    containers: [
      {
        name: "orders",
        image: "registry.example/orders:1",
        resources: { requests: { cpu: "100m" } },
      },
    ],
  },
);

/** A metric of an autoscaler over the cpu or memory of pods. */
interface ResourceMetric {
  readonly resource: string;
  /** Container it measures; undefined for the whole pod. */
  readonly container: string | undefined;
  /** True when it is measured as a share of the request. */
  readonly utilization: boolean;
  /** Path inside the autoscaler. */
  readonly path: string;
}

/** Autoscalers that measure what their target declares. */
export const autoscalingMetricRules = rulesOf("availability", [
  stackRule({
    id: "hpa-requests",
    assertion: "Pods scaled by utilization request what is measured.",
    why: "Utilization is a share of the request: when one container of the pod has none, the autoscaler gets no number and never scales.",
    source:
      "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#how-does-a-horizontalpodautoscaler-work",
    severity: "high",
    action: "mandatory",
    kinds: ["HorizontalPodAutoscaler", "keda.sh/ScaledObject"],
    fix: "Give every container of the target the request, sidecars included.",
    examples: { pass: [autoscaler, requesting], fail: [autoscaler, deployment()] },
    check: (stack, report) => {
      visit(autoscalersOf(stack).all, ({ object, target }) => {
        const workload = stack.find(target.kind, namespaceOf(object), target.name);
        const containers = workload?.pod?.running ?? [];
        for (const metric of metricsOf(object).filter(({ utilization }) => utilization)) {
          const lacking = containers.find(
            (container) =>
              (metric.container ?? container.name) === container.name &&
              !requests(container, metric.resource),
          );
          if (lacking !== undefined) {
            report(
              object,
              metric.path,
              `${metric.resource} utilization`,
              `of a pod whose container "${lacking.name}" requests ${metric.resource}`,
            );
          }
        }
      });
    },
  }),
  stackRule({
    id: "vpa-hpa-conflict",
    assertion: "A workload is not scaled up and out by the same metric.",
    why: "The vertical autoscaler changes the request that the horizontal one divides by; the two chase each other.",
    source:
      "https://github.com/kubernetes/autoscaler/blob/master/vertical-pod-autoscaler/docs/known-limitations.md",
    severity: "high",
    action: "mandatory",
    kinds: ["VerticalPodAutoscaler"],
    fix: "Set the VerticalPodAutoscaler's updateMode to Off, or its controlledResources to what the other does not measure.",
    examples: {
      pass: [vertical("Off"), autoscaler, requesting],
      fail: [vertical("Auto"), autoscaler, requesting],
    },
    check: (stack, report) => {
      const autoscalers = autoscalersOf(stack).all;
      const measured = new Map<string, Set<string>>();
      visit(autoscalers, ({ object, target }) => {
        const key = `${namespaceOf(object)}/${target.kind}/${target.name}`;
        const resources = measured.get(key) ?? new Set<string>();
        metricsOf(object).forEach(({ resource }) => resources.add(resource));
        measured.set(key, resources);
      });
      visit(stack.ofKind("VerticalPodAutoscaler"), (object) => {
        const target = fields(object.spec["targetRef"]);
        const key = `${namespaceOf(object)}/${text(target["kind"]) ?? ""}/${text(target["name"]) ?? ""}`;
        const shared = controlledBy(object).find((resource) => measured.get(key)?.has(resource));
        if (shared !== undefined) {
          report(
            object,
            "spec.updatePolicy.updateMode",
            fields(object.spec["updatePolicy"])["updateMode"],
            `Off, as a horizontal autoscaler measures ${shared}`,
          );
        }
      });
    },
  }),
]);

function requests(container: ContainerView, resource: string): boolean {
  return container.request(resource) !== undefined;
}

/** The cpu and memory metrics of an autoscaler of any version, or of a ScaledObject's triggers. */
function metricsOf(object: ObjectView): readonly ResourceMetric[] {
  const { spec } = object;
  if (object.kind === "ScaledObject") {
    return maps(spec["triggers"]).flatMap((trigger, index) => triggerMetric(trigger, index));
  }
  const legacy = number(spec["targetCPUUtilizationPercentage"]);
  const old: ResourceMetric[] =
    legacy === undefined
      ? []
      : [
          {
            resource: "cpu",
            container: undefined,
            utilization: true,
            path: "spec.targetCPUUtilizationPercentage",
          },
        ];
  const metrics = maps(spec["metrics"]);
  return old.length === 0 && metrics.length === 0
    ? [DEFAULT_METRIC]
    : [...old, ...metrics.flatMap((metric, index) => resourceMetric(metric, index))];
}

// "If not set, the default metric will be set to 80% average CPU utilization":
// https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/
const DEFAULT_METRIC: ResourceMetric = {
  resource: "cpu",
  container: undefined,
  utilization: true,
  path: "spec.metrics",
};

function resourceMetric(metric: Fields, index: number): ResourceMetric[] {
  const field = metric["type"] === "ContainerResource" ? "containerResource" : "resource";
  const measured = fields(metric[field]);
  const resource = text(measured["name"]);
  if (resource !== "cpu" && resource !== "memory") {
    return [];
  }
  const target = fields(measured["target"]);
  const utilization =
    target["type"] === "Utilization" ||
    number(target["averageUtilization"]) !== undefined ||
    number(measured["targetAverageUtilization"]) !== undefined;
  const container = field === "containerResource" ? text(measured["container"]) : undefined;
  return [{ resource, container, utilization, path: `spec.metrics[${index}]` }];
}

// https://keda.sh/docs/latest/scalers/cpu/ (the type stood in the metadata before 2.10)
function triggerMetric(trigger: Fields, index: number): ResourceMetric[] {
  const resource = text(trigger["type"]);
  if (resource !== "cpu" && resource !== "memory") {
    return [];
  }
  const metadata = fields(trigger["metadata"]);
  const type = trigger["metricType"] ?? metadata["type"] ?? "Utilization";
  return [
    {
      resource,
      container: text(metadata["containerName"]),
      utilization: type === "Utilization",
      path: `spec.triggers[${index}]`,
    },
  ];
}

/** Resources that a VerticalPodAutoscaler changes; none when it only recommends. */
function controlledBy(object: ObjectView): readonly string[] {
  const mode = fields(object.spec["updatePolicy"])["updateMode"] ?? "Auto";
  if (mode === "Off") {
    return [];
  }
  const policies = maps(fields(object.spec["resourcePolicy"])["containerPolicies"]);
  const active = policies.filter((policy) => policy["mode"] !== "Off");
  if (policies.length === 0) {
    return ["cpu", "memory"];
  }
  return active.flatMap((policy) =>
    policy["controlledResources"] === undefined
      ? ["cpu", "memory"]
      : strings(policy["controlledResources"]),
  );
}
