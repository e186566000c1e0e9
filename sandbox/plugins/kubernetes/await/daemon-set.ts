import { numberAt } from "../object/kube-object";
import { EVENT, POD, type Condition } from "./condition";
import { podProblems } from "./pods";

/** A DaemonSet is ready when every node that should run its pod runs an up-to-date, ready one. */
export const daemonSetCondition: Condition = {
  relatedKinds: [POD, EVENT],
  judge: (snapshot) => {
    const set = snapshot.object;
    const generation = numberAt(set, "metadata", "generation") ?? 0;
    const count = (field: string): number => numberAt(set, "status", field) ?? 0;
    const wanted = numberAt(set, "status", "desiredNumberScheduled");
    const isObserved = (numberAt(set, "status", "observedGeneration") ?? -1) >= generation;
    const behind = [
      ["currentNumberScheduled", "scheduled"],
      ["updatedNumberScheduled", "updated"],
      ["numberAvailable", "available"],
      ["numberReady", "ready"],
    ].find(([field]) => field !== undefined && count(field) < (wanted ?? 0));
    if (isObserved && wanted !== undefined && behind === undefined) {
      return {
        outcome: "ready",
        status: `All replicas scheduled as expected. Replicas: ${wanted}`,
      };
    }
    const status =
      !isObserved || wanted === undefined || behind === undefined
        ? "Waiting for the DaemonSet's controller"
        : `Waiting for Pods to be ${behind[1]}: ${count(behind[0] ?? "")}/${wanted}`;
    return { outcome: "waiting", status, reasons: [status, ...podProblems(snapshot, set)] };
  },
};
