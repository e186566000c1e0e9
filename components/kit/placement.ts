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
): PlacementSpec {
  const each = {
    labelSelector: { matchLabels: { ...podLabels } },
    matchLabelKeys: ["pod-template-hash"],
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
