import type * as kubernetes from "@pulumi/kubernetes";
import { selectorLabels } from "../../kit/labels";
import { podLabels, podTemplate } from "./pod-template";
import { rolloutTimes, type RolloutTimes } from "./rollout";
import { servingPods } from "./serving";
import type { DaemonSetWorkload } from "./workload-args";

/** A tenth of the nodes at a time; at most ten waves then, however many nodes there are. */
const surge = "10%";
const waves = 10;

/** The time spans of a DaemonSet's rollout. */
export function daemonTimesOf(args: DaemonSetWorkload): RolloutTimes {
  const wavesAsPods = { floor: waves, ceiling: waves };
  return rolloutTimes(args.probes, { maxSurge: 1 }, args.shutdown ?? {}, wavesAsPods);
}

/** The spec of a DaemonSet: on each node, the old pod goes when the new one serves. */
export function daemonSetSpec(
  args: DaemonSetWorkload,
): kubernetes.types.input.apps.v1.DaemonSetSpec {
  const times = daemonTimesOf(args);
  return {
    selector: { matchLabels: selectorLabels(args.service) },
    minReadySeconds: times.minReadySeconds,
    revisionHistoryLimit: 3,
    updateStrategy: {
      type: "RollingUpdate",
      rollingUpdate: { maxUnavailable: 0, maxSurge: surge },
    },
    template: podTemplate(args, { labels: podLabels(args), ...servingPods(args, times) }),
  };
}
