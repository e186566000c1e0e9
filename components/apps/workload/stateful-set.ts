import type * as kubernetes from "@pulumi/kubernetes";
import type { ConsumerDemand } from "../../data";
import type { Duration } from "../../kit/duration";
import { selectorLabels, standardLabels } from "../../kit/labels";
import { spread } from "../../kit/placement";
import { within, type Problem } from "../../kit/problem";
import type { Quantity } from "../../kit/quantity";
import type { EnvValue } from "./env";
import { podLabels, podTemplate } from "./pod-template";
import { statefulTimes, type RolloutTimes } from "./rollout";
import { boundsOf, replicasOf, scalingOf } from "./scaling";
import { headlessName, servingPods } from "./serving";
import { mountPathProblems, sizeProblems, volumeName } from "./volumes";
import type { ReplicatedShape, StatefulSetWorkload } from "./workload-args";

/** A volume of each pod's own, which it finds again after a restart. */
export interface ClaimTemplate {
  /** Its size, in bytes; a volume can grow where its StorageClass allows it, and never shrinks. */
  readonly size: Quantity;
  /**
   * The StorageClass.
   * @default - the cluster's default
   */
  readonly storageClass?: string;
  /**
   * How many nodes may mount it.
   * @default "ReadWriteOnce"
   */
  readonly accessMode?: "ReadWriteOnce" | "ReadWriteOncePod" | "ReadWriteMany";
}

/** What becomes of the volumes of pods that are no longer wanted. */
export interface ClaimRetention {
  /**
   * When the StatefulSet is deleted.
   * @default "Retain"
   */
  readonly whenDeleted?: "Retain" | "Delete";
  /**
   * When there are fewer pods than before.
   * @default "Retain"
   */
  readonly whenScaled?: "Retain" | "Delete";
}

/** What a StatefulSet says beyond its container: its pods have names, and volumes, of their own. */
export interface StatefulSetShape<
  PortName extends string = string,
  Value = EnvValue,
  Consumer extends ConsumerDemand = ConsumerDemand,
> extends ReplicatedShape<PortName, Value, Consumer> {
  /**
   * The volumes of each pod, by the absolute path of their folder.
   * @default - none
   */
  readonly claims?: Readonly<Record<string, ClaimTemplate>>;
  /**
   * What becomes of volumes that are no longer wanted.
   * @default - they are kept
   */
  readonly claimRetention?: ClaimRetention;
  /**
   * Whether pods start and end one after the other, or all at once; an update is one after the other
   * either way.
   * @default "OrderedReady"
   */
  readonly podManagement?: "OrderedReady" | "Parallel";
  /**
   * How long a new pod has to stay ready before the next one is replaced.
   * @default "5s"
   */
  readonly minReady?: Duration;
}

/** The longest name of a StatefulSet: with the hash of a revision it becomes a label of its pods. */
export const longestStatefulSetName = 52;

/** The time spans of a StatefulSet's rollout. */
export function statefulTimesOf(args: StatefulSetWorkload): RolloutTimes {
  return statefulTimes(args.probes, args.minReady, args.shutdown ?? {}, {
    bounds: boundsOf(args),
    parallel: args.podManagement === "Parallel",
  });
}

/**
 * The spec of a StatefulSet. It has no `replicas` when an autoscaler sets them, else each update would
 * put the number back.
 */
export function statefulSetSpec(
  args: StatefulSetWorkload,
): kubernetes.types.input.apps.v1.StatefulSetSpec {
  const times = statefulTimesOf(args);
  const replicas = replicasOf(scalingOf(args));
  const selector = selectorLabels(args.service);
  const { whenDeleted = "Retain", whenScaled = "Retain" } = args.claimRetention ?? {};
  const claims = Object.entries(args.claims ?? {});
  return {
    ...(replicas === undefined ? {} : { replicas }),
    selector: { matchLabels: selector },
    serviceName: headlessName(args.service),
    minReadySeconds: times.minReadySeconds,
    revisionHistoryLimit: 3,
    podManagementPolicy: args.podManagement ?? "OrderedReady",
    updateStrategy: { type: "RollingUpdate" },
    persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled },
    template: podTemplate(args, {
      labels: podLabels(args),
      ...servingPods(args, times, spread(selector, args.placement, "controller-revision-hash")),
      mounts: claims.map(([mountPath]) => ({ name: volumeName("claim", mountPath), mountPath })),
    }),
    volumeClaimTemplates: claims.map(([mountPath, claim]) => ({
      metadata: { name: volumeName("claim", mountPath), labels: standardLabels(args) },
      spec: {
        accessModes: [claim.accessMode ?? "ReadWriteOnce"],
        ...(claim.storageClass === undefined ? {} : { storageClassName: claim.storageClass }),
        resources: { requests: { storage: claim.size } },
      },
    })),
  };
}

/** Whether its pods have volumes of their own. */
export function ownsVolumes({ claims = {} }: Pick<StatefulSetShape, "claims">): boolean {
  return Object.keys(claims).length > 0;
}

/**
 * What is wrong with the classes of the volumes of a StatefulSet's pods: one that is not there leaves a pod
 * waiting for ever. `known` are the classes that the stack lists; where it lists none, nobody knows.
 */
export function storageClassProblems(
  { claims = {} }: Pick<StatefulSetShape, "claims">,
  known: readonly string[],
): readonly Problem[] {
  return Object.entries(claims).flatMap(([mountPath, { storageClass }]) =>
    storageClass === undefined || known.length === 0 || known.includes(storageClass)
      ? []
      : [
          {
            field: `claims["${mountPath}"].storageClass`,
            message:
              `got "${storageClass}"; it has to be one of slipway:platform.storageClasses, which has ` +
              `${known.join(", ")}. One that the cluster has already is added as "${storageClass}: installed".`,
          },
        ],
  );
}

/** What is wrong with the volumes of a StatefulSet's pods. */
export function claimProblems({
  claims = {},
}: Pick<StatefulSetShape, "claims">): readonly Problem[] {
  return within(
    "claims",
    Object.entries(claims).flatMap(([mountPath, { size }]) => [
      ...mountPathProblems(`["${mountPath}"]`, mountPath),
      ...sizeProblems(`["${mountPath}"].size`, size),
    ]),
  );
}
