import { numberAt, textAt } from "../object/kube-object";
import { EVENT, POD, type Condition } from "./condition";
import { podProblems } from "./pods";

/**
 * A StatefulSet is ready when its controller has seen this version, all its pods exist, are ready and
 * are of the current revision, and no update is under way. With the OnDelete strategy nothing rolls by
 * itself, so after the first version the pods' number and readiness are enough.
 */
export const statefulSetCondition: Condition = {
  relatedKinds: [POD, EVENT],
  judge: (snapshot) => {
    const set = snapshot.object;
    const generation = numberAt(set, "metadata", "generation") ?? 0;
    const wanted = numberAt(set, "spec", "replicas") ?? 1;
    const ready = numberAt(set, "status", "readyReplicas") ?? 0;
    const isObserved = (numberAt(set, "status", "observedGeneration") ?? -1) >= generation;
    const from = textAt(set, "status", "currentRevision");
    const to = textAt(set, "status", "updateRevision");
    const isByHand = generation > 1 && textAt(set, "spec", "updateStrategy", "type") === "OnDelete";
    const revisionReady = isByHand || (from !== "" && from === to);
    const replicasReady =
      (numberAt(set, "status", "replicas") ?? 0) === wanted &&
      ready === wanted &&
      (isByHand || (numberAt(set, "status", "currentReplicas") ?? 0) === wanted);
    if (isObserved && revisionReady && replicasReady) {
      return { outcome: "ready", status: "StatefulSet initialization complete" };
    }
    const updated = numberAt(set, "status", "updatedReplicas") ?? 0;
    const done = revisionReady ? ready : Math.min(ready, updated);
    const waitingForPods =
      generation <= 1
        ? `[1/2] Waiting for StatefulSet to create Pods (${done}/${wanted} Pods ready)`
        : `[1/3] Waiting for StatefulSet update to roll out (${done}/${wanted} Pods ready)`;
    return {
      outcome: "waiting",
      status: replicasReady
        ? "[2/3] Waiting for StatefulSet to update .status.currentRevision"
        : waitingForPods,
      reasons: [
        ...(replicasReady ? [] : [`${done} out of ${wanted} replicas succeeded readiness checks`]),
        ...(revisionReady
          ? []
          : [
              `StatefulSet controller failed to advance from revision "${from}" to revision "${to}"`,
            ]),
        ...podProblems(snapshot, set),
      ],
    };
  },
};
