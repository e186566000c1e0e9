import type * as kubernetes from "@pulumi/kubernetes";

type Affinity = kubernetes.types.input.core.v1.Affinity;
type TopologySpreadConstraint = kubernetes.types.input.core.v1.TopologySpreadConstraint;

/** Where pods may run, apart from what their resources ask for. */
export interface Placement {
  /**
   * Whether two pods may share a node: `"preferred"` spreads them where there is room, `"required"`
   * leaves a pod pending rather than sharing.
   * @default "preferred"
   */
  readonly hosts?: "preferred" | "required";
}

/** A taint of nodes that a pod accepts. */
export interface Toleration {
  /** The taint's key. */
  readonly key: string;
  /**
   * The taint's value.
   * @default - any
   */
  readonly value?: string;
  /**
   * The taint's effect.
   * @default - every effect
   */
  readonly effect?: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

/** A toleration as a pod's spec has it. */
export function toleration({
  key,
  value,
  effect,
}: Toleration): kubernetes.types.input.core.v1.Toleration {
  return {
    key,
    ...(value === undefined ? { operator: "Exists" } : { operator: "Equal", value }),
    ...(effect === undefined ? {} : { effect }),
  };
}

/** The part of a pod spec that places it. */
export interface PlacementSpec {
  /** Over zones and hosts, as a wish. */
  readonly topologySpreadConstraints: TopologySpreadConstraint[];
  /**
   * Keeps the pods of a revision on different hosts.
   * @default - two may share a host
   */
  readonly affinity?: Affinity;
}

/** The label by which the controller of a Deployment, or of a StatefulSet, tells revisions apart. */
export type RevisionLabel = "pod-template-hash" | "controller-revision-hash";

const zone = "topology.kubernetes.io/zone";
const host = "kubernetes.io/hostname";

/**
 * Spreads pods over zones and hosts, and on request never two on a host.
 *
 * Zones are a wish: a zone that is gone must not keep pods from running in the others. Each revision
 * is spread on its own (`matchLabelKeys`), else the pods that a rollout replaces would tip the balance
 * and, with required hosts, a rollout would need a spare node for each pod.
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
 */
export function spread(
  podLabels: Readonly<Record<string, string>>,
  placement: Placement = {},
  revisionLabel: RevisionLabel = "pod-template-hash",
): PlacementSpec {
  const each = {
    labelSelector: { matchLabels: { ...podLabels } },
    matchLabelKeys: [revisionLabel],
  };
  const evenly = (topologyKey: string): TopologySpreadConstraint => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    ...each,
  });
  const constraints = { topologySpreadConstraints: [evenly(zone), evenly(host)] };
  if ((placement.hosts ?? "preferred") === "preferred") {
    return constraints;
  }
  return {
    ...constraints,
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: host, ...each }],
      },
    },
  };
}
