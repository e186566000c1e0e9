import { mergeValues, type ChartObject, type ObjectTransform } from "./chart";
import { disruptionBudgetAnnotations } from "./disruption";

/** A workload that a chart renders. */
export interface RenderedWorkload {
  /** The workload's kind. */
  readonly kind: "Deployment" | "StatefulSet";
  /** The workload's name. */
  readonly name: string;
}

/** A container of a workload that a chart renders. */
export interface RenderedContainer extends RenderedWorkload {
  /** The container's name. */
  readonly container: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Merges fields into the pod spec of one workload: what the chart has no value for. */
export function onPodSpec(target: RenderedWorkload, fields: Fields): ObjectTransform {
  return (object) => changePodSpec(object, target, (podSpec) => mergeValues(podSpec, fields));
}

/** Merges fields into one container, such as a probe that the chart has no value for. */
export function onContainer(target: RenderedContainer, fields: Fields): ObjectTransform {
  return (object) =>
    changePodSpec(object, target, (podSpec) => ({
      ...podSpec,
      containers: listOf(podSpec.containers).map((container) =>
        container.name === target.container ? mergeValues(container, fields) : container,
      ),
    }));
}

/**
 * Tells the provider not to wait for a Service inside the cluster: its pods are awaited already, and
 * each such wait lasts about ten seconds.
 * @see https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/#await-logic
 */
export const skipServiceAwait: ObjectTransform = (object) =>
  object.kind === "Service" && isInsideCluster(object)
    ? asChartObject(
        mergeValues(object, { metadata: { annotations: { "pulumi.com/skipAwait": "true" } } }),
        object,
      )
    : object;

/**
 * Lets a drain evict a pod that is not ready, whatever its disruption budget says: it serves nobody, and
 * would otherwise hold the node for ever.
 * @see https://kubernetes.io/docs/tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy
 */
export const evictUnhealthyPods: ObjectTransform = (object) =>
  object.kind === "PodDisruptionBudget"
    ? asChartObject(
        mergeValues(object, { spec: { unhealthyPodEvictionPolicy: "AlwaysAllow" } }),
        object,
      )
    : object;

/** Puts disruption budgets under the field manager under which one can take the place of another. */
export const manageBudgets: ObjectTransform = (object) =>
  object.kind === "PodDisruptionBudget"
    ? asChartObject(
        mergeValues(object, { metadata: { annotations: disruptionBudgetAnnotations } }),
        object,
      )
    : object;

/** What is changed in every chart: no chart has values for it all. */
export const everyChart: readonly ObjectTransform[] = [
  skipServiceAwait,
  evictUnhealthyPods,
  manageBudgets,
];

function isInsideCluster(service: ChartObject): boolean {
  const type = fieldsOf(service.spec).type;
  return type === undefined || type === "ClusterIP";
}

function changePodSpec(
  object: ChartObject,
  target: RenderedWorkload,
  change: (podSpec: Fields) => Fields,
): ChartObject {
  if (object.kind !== target.kind || fieldsOf(object.metadata).name !== target.name) {
    return object;
  }
  const spec = fieldsOf(object.spec);
  const template = fieldsOf(spec.template);
  return {
    ...object,
    spec: { ...spec, template: { ...template, spec: change(fieldsOf(template.spec)) } },
  };
}

/** Keeps the two fields that make an object a Kubernetes object, which a merge of maps forgets. */
function asChartObject(fields: Fields, { apiVersion, kind }: ChartObject): ChartObject {
  return { ...fields, apiVersion, kind };
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}
