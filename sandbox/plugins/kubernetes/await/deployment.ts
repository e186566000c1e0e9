import {
  annotationOf,
  at,
  isOwnedBy,
  listAt,
  nameOf,
  numberAt,
  textAt,
  type KubeObject,
} from "../object/kube-object";
import { CLAIM, EVENT, POD, REPLICA_SET, type Condition, type Snapshot } from "./condition";
import { podProblems, statusCondition } from "./pods";

const REVISION = "deployment.kubernetes.io/revision";

/**
 * A Deployment is ready when its controller has seen this version, the Deployment is available, the
 * ReplicaSet of the current revision has all its pods, and the claims its pods mount are bound. From the
 * second revision on, the rollout must also be finished.
 */
export const deploymentCondition: Condition = {
  relatedKinds: [REPLICA_SET, POD, CLAIM, EVENT],
  judge: (snapshot) => {
    const deployment = snapshot.object;
    const observed = numberAt(deployment, "status", "observedGeneration") ?? 0;
    const revision = annotationOf(deployment, REVISION);
    if (observed < (numberAt(deployment, "metadata", "generation") ?? 0) || revision === "") {
      return {
        outcome: "waiting",
        status: "Waiting for the Deployment's controller",
        reasons: ["The Deployment controller has not seen this version of the Deployment"],
      };
    }
    const replicaSet = snapshot
      .related(REPLICA_SET)
      .find((set) => isOwnedBy(set, deployment) && annotationOf(set, REVISION) === revision);
    const wanted = numberAt(replicaSet, "spec", "replicas") ?? 1;
    const ready = numberAt(replicaSet, "status", "readyReplicas") ?? 0;
    const isAvailable = isTrue(deployment, "Available");
    const isRolledOut =
      revision === "1" ||
      (isTrue(deployment, "Progressing") &&
        textAt(statusCondition(deployment, "Progressing"), "reason") === "NewReplicaSetAvailable");
    const hasPods = replicaSet !== undefined && ready >= wanted;
    const unbound = unboundClaims(snapshot);
    if (isAvailable && isRolledOut && hasPods && unbound.length === 0) {
      return { outcome: "ready", status: "Deployment initialization complete" };
    }
    return {
      outcome: "waiting",
      status:
        unbound.length > 0
          ? `[1/2] Waiting for PersistentVolumeClaim ${unbound.join(", ")} to be bound`
          : `[1/2] Waiting for app ReplicaSet to be available (${ready}/${wanted} Pods available)`,
      reasons: [
        ...failingConditions(deployment),
        ...(unbound.length > 0
          ? [`Failed to bind PersistentVolumeClaim(s): ${unbound.join(", ")}`]
          : []),
        ...missing(isAvailable, isRolledOut, hasPods),
        ...podProblems(snapshot, replicaSet ?? deployment),
      ],
    };
  },
};

function missing(isAvailable: boolean, isRolledOut: boolean, hasPods: boolean): readonly string[] {
  if (!isAvailable) {
    return ["Minimum number of live Pods was not attained"];
  }
  if (!isRolledOut) {
    return ["Minimum number of Pods to consider the application live was not attained"];
  }
  return hasPods
    ? []
    : [
        "Attempted to roll forward to new ReplicaSet, but minimum number of Pods did not become live",
      ];
}

function isTrue(deployment: KubeObject, type: string): boolean {
  return textAt(statusCondition(deployment, type), "status") === "True";
}

function failingConditions(deployment: KubeObject): readonly string[] {
  return ["Progressing", "Available"].flatMap((type) => {
    const condition = statusCondition(deployment, type);
    return textAt(condition, "status") === "False"
      ? [`[${textAt(condition, "reason")}] ${textAt(condition, "message")}`]
      : [];
  });
}

function unboundClaims(snapshot: Snapshot): readonly string[] {
  const mounted = new Set(
    listAt(snapshot.object, "spec", "template", "spec", "volumes")
      .map((volume) => textAt(volume, "persistentVolumeClaim", "claimName"))
      .filter((claim) => claim !== ""),
  );
  return snapshot
    .related(CLAIM)
    .filter((claim) => mounted.has(nameOf(claim)) && at(claim, "status", "phase") !== "Bound")
    .map(nameOf);
}
