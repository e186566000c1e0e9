import { type Change } from "../model/change";
import { type Comparison } from "../model/comparison";
import { type Risk, riskOf } from "../model/risk";
import { isPrecious } from "../model/state";

/** Kinds that nobody misses for the moment between deletion and creation. */
const harmless = ["PodDisruptionBudget", "HorizontalPodAutoscaler"];

/** Objects that are deleted and made anew, and updates that the API server would refuse. */
export function replacements({ changes }: Comparison): readonly Risk[] {
  return changes.flatMap((change) => [...refused(change), ...replaced(change)]);
}

function refused(change: Change): readonly Risk[] {
  return change.immutable
    .filter(({ outcome }) => outcome === "refused")
    .map(({ path, why, safePath }) =>
      riskOf(
        change.object,
        "immutable",
        "high",
        `${path} cannot change, because ${why}; the update stops here`,
        safePath,
      ),
    );
}

function replaced(change: Change): readonly Risk[] {
  const { action, object, before } = change;
  // What holds data is told under "data at risk", with the same safe path.
  if (before === undefined || isPrecious(before)) {
    return [];
  }
  if (action === "readdress") {
    return [
      riskOf(
        object,
        "replacement",
        "high",
        "its address in the program changes without an alias: the update stops because the object is there already, or deletes the object that it has just taken over",
        "Give the resource an alias to its former address.",
      ),
    ];
  }
  if (action !== "replace") {
    return [];
  }
  return change.immutable
    .filter(({ outcome }) => outcome === "replaced")
    .slice(0, 1)
    .map(({ path, why, safePath }) =>
      riskOf(
        object,
        "replacement",
        harmless.some((kind) => object.view.is(kind)) ? "low" : "medium",
        `it is deleted and made anew for ${path}, because ${why}${gap(change)}`,
        safePath,
      ),
    );
}

function gap({ object }: Change): string {
  if (object.view.pod !== undefined && !object.view.pod.completes) {
    return "; its pods are away meanwhile";
  }
  return object.view.is("Service") ? "; it does not answer meanwhile and gets another address" : "";
}
