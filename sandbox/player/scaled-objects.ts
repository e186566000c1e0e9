import type { Action } from "./action";
import { sameConditions, withTransitionTimes } from "./conditions";
import type { Condition, KubernetesObject } from "./objects";
import { runningOperator } from "./operators";
import { requestedFailure } from "./requested-failure";
import type { World } from "./world";

/** A ScaledObject of KEDA. */
export interface ScaledObject extends KubernetesObject {
  /** How far it was reconciled. */
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** Reports each ScaledObject ready and idle. No HorizontalPodAutoscaler is made, and nothing scales. */
export function playScaledObjects(world: World, now: string): readonly Action[] {
  if (runningOperator(world, "keda") === undefined) {
    return [];
  }
  return world.list<ScaledObject>("ScaledObject").flatMap((object): readonly Action[] => {
    const failure = requestedFailure(object);
    const conditions: readonly Omit<Condition, "lastTransitionTime">[] = [
      failure === undefined
        ? {
            type: "Ready",
            status: "True",
            reason: "ScaledObjectReady",
            message: "ScaledObject is defined correctly and is ready for scaling",
          }
        : { type: "Ready", status: "False", reason: failure, message: "failed on request" },
      {
        type: "Active",
        status: "False",
        reason: "ScalerNotActive",
        message: "Scaling is not performed because triggers are not active",
      },
    ];
    return sameConditions(conditions, object.status?.conditions)
      ? []
      : [
          {
            do: "mergeStatus",
            object,
            fields: {
              conditions: withTransitionTimes(conditions, object.status?.conditions, now),
              hpaName: `keda-hpa-${object.metadata.name}`,
            },
          },
        ];
  });
}
