import { fields, number, text } from "../core/fields";
import { type ObjectView } from "../core/object";
import { namespaceOf, type Stack } from "../core/stack";

/** A HorizontalPodAutoscaler or a KEDA ScaledObject, with what it scales. */
export interface Autoscaler {
  readonly object: ObjectView;
  readonly target: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
  };
  /** Replicas it keeps at least; undefined when it does not say. */
  readonly min: number | undefined;
  /** Replicas it goes up to; undefined when it does not say. */
  readonly max: number | undefined;
}

/** The autoscalers of a stack, filed by what they scale. */
export interface Autoscalers {
  readonly all: readonly Autoscaler[];
  /** Those that scale the workload. */
  of(workload: ObjectView): readonly Autoscaler[];
}

const KNOWN = new WeakMap<Stack, Autoscalers>();

/** The autoscalers of a stack, read once. */
export function autoscalersOf(stack: Stack): Autoscalers {
  let known = KNOWN.get(stack);
  if (known === undefined) {
    known = readAutoscalers(stack);
    KNOWN.set(stack, known);
  }
  return known;
}

function readAutoscalers(stack: Stack): Autoscalers {
  const all = [
    ...stack.ofKind("HorizontalPodAutoscaler").map(readHorizontal),
    ...stack.ofKind("keda.sh/ScaledObject").map(readScaledObject),
  ];
  const byTarget = new Map<string, Autoscaler[]>();
  for (const autoscaler of all) {
    const { kind, name } = autoscaler.target;
    const key = keyOf(namespaceOf(autoscaler.object), kind, name);
    byTarget.set(key, [...(byTarget.get(key) ?? []), autoscaler]);
  }
  return {
    all,
    of: (workload) =>
      byTarget.get(keyOf(namespaceOf(workload), workload.kind, workload.name)) ?? [],
  };
}

function readHorizontal(object: ObjectView): Autoscaler {
  const target = fields(object.spec["scaleTargetRef"]);
  return {
    object,
    target: {
      apiVersion: text(target["apiVersion"]) ?? "",
      kind: text(target["kind"]) ?? "",
      name: text(target["name"]) ?? "",
    },
    min: number(object.spec["minReplicas"]),
    max: number(object.spec["maxReplicas"]),
  };
}

// A ScaledObject's target defaults to an apps/v1 Deployment: https://keda.sh/docs/latest/reference/scaledobject-spec/
function readScaledObject(object: ObjectView): Autoscaler {
  const target = fields(object.spec["scaleTargetRef"]);
  return {
    object,
    target: {
      apiVersion: text(target["apiVersion"]) ?? "apps/v1",
      kind: text(target["kind"]) ?? "Deployment",
      name: text(target["name"]) ?? "",
    },
    min: number(object.spec["minReplicaCount"]),
    max: number(object.spec["maxReplicaCount"]),
  };
}

function keyOf(namespace: string, kind: string, name: string): string {
  return `${namespace}/${kind.toLowerCase()}/${name}`;
}

/** Replicas a workload starts with: its own, else the floor of its autoscaler, else the API's default of one. */
export function replicasOf(workload: ObjectView, autoscalers: Autoscalers): number {
  const own = number(workload.spec["replicas"]);
  if (own !== undefined) {
    return own;
  }
  const floors = autoscalers.of(workload).map(({ min }) => min ?? 1);
  return Math.max(1, ...floors);
}

/**
 * True unless the workload is known to run a single pod: a count that is not written is somebody else's to
 * set, an autoscaler's or a person's.
 */
export function mayHaveReplicas(workload: ObjectView, autoscalers: Autoscalers): boolean {
  const own = number(workload.spec["replicas"]);
  if (own !== undefined) {
    return own >= 2;
  }
  const found = autoscalers.of(workload);
  return found.length === 0 || found.some(({ min, max }) => (max ?? min ?? 2) >= 2);
}
