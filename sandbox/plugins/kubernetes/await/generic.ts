import { textAt, numberAt } from "../object/kube-object";
import { EVENT, type Condition } from "./condition";
import { statusCondition, warnings } from "./pods";

/**
 * What an object of any kind says about itself by the conventions of kstatus
 * (kubernetes-sigs/cli-utils): it is ready unless its status is behind, or a condition says that it is
 * being reconciled, is stalled, or is not ready.
 */
export const genericCondition: Condition = {
  relatedKinds: [EVENT],
  judge: (snapshot) => {
    const { object } = snapshot;
    const observed = numberAt(object, "status", "observedGeneration");
    const generation = numberAt(object, "metadata", "generation") ?? 0;
    const holds = (type: string): boolean =>
      textAt(statusCondition(object, type), "status") === "True";
    const ready = statusCondition(object, "Ready");
    const status =
      observed !== undefined && observed < generation
        ? `Generation ${observed} is less than expected ${generation}`
        : holds("Stalled")
          ? `Stalled: ${textAt(statusCondition(object, "Stalled"), "message")}`
          : holds("Reconciling")
            ? `Reconciling: ${textAt(statusCondition(object, "Reconciling"), "message")}`
            : ready !== undefined && textAt(ready, "status") !== "True"
              ? `Not ready: ${textAt(ready, "message")}`
              : undefined;
    return status === undefined
      ? { outcome: "ready" }
      : {
          outcome: "waiting",
          status,
          reasons: [status, ...warnings(snapshot, [object])],
        };
  },
};
