import { type Change } from "../model/change";
import { type Comparison } from "../model/comparison";
import { type Risk, riskOf } from "../model/risk";
import { type StackObject } from "../model/snapshot";
import { cascadesTo, deletesItsVolumes, enumerate, heldData, isPrecious } from "../model/state";

/** Objects that hold data and go, are replaced, or are taken along by what goes. */
export function dataLoss({ changes, base }: Comparison): readonly Risk[] {
  return changes.flatMap((change) => {
    if (!goes(change) || change.before === undefined) {
      return [];
    }
    const victims = cascadesTo(change.before, base).filter(isPrecious);
    return [...ownLoss(change, change.before), ...cascade(change, change.before, victims)];
  });
}

/** Says whether the object that is there now will be deleted. */
function goes({ action }: Change): boolean {
  return action === "delete" || action === "replace" || action === "readdress";
}

function ownLoss(change: Change, before: StackObject): readonly Risk[] {
  if (!isPrecious(before)) {
    return [];
  }
  const held = heldData(before) ?? "an object that data depends on";
  const verb =
    change.action === "delete" ? "is deleted" : `is deleted and made anew${reason(change)}`;
  if (before.protect) {
    return [
      riskOf(
        change.object,
        "data",
        "high",
        `${held} ${verb}, but it is protected: the update stops at it`,
        change.immutable[0]?.safePath ??
          "Keep it, or decide that the data is to go: take a backup, set slipway:retention to delete and deploy that alone, then remove it.",
      ),
    ];
  }
  if (before.retainOnDelete) {
    return [
      riskOf(
        change.object,
        "data",
        "high",
        `${held} leaves the stack; the object stays in the cluster and nothing manages it any more`,
        "Keep its declaration, or note who looks after it from now on.",
      ),
    ];
  }
  return [
    riskOf(change.object, "data", "high", `${held} ${verb}; ${fate(before)}`, remedy(change)),
  ];
}

function reason({ immutable, action }: Change): string {
  const [edit] = immutable;
  return action === "replace" && edit !== undefined ? ` for ${edit.path}` : "";
}

function fate({ view }: StackObject): string {
  if (view.is("StatefulSet")) {
    return deletesItsVolumes(view)
      ? "its volumes go with it"
      : "its volumes stay, its pods are away until it is back";
  }
  return "its data is lost";
}

function remedy({ immutable, action }: Change): string {
  const [edit] = immutable;
  if (edit !== undefined) {
    return edit.safePath;
  }
  return action === "readdress"
    ? "Give the resource an alias to its former address, so that the engine knows it."
    : "Take a backup, and set slipway:retention to keep before anything that holds data is removed.";
}

function cascade(
  change: Change,
  before: StackObject,
  victims: readonly StackObject[],
): readonly Risk[] {
  if (victims.length === 0 || before.retainOnDelete) {
    return [];
  }
  const what = before.view.is("Namespace") ? "the namespace" : "the definition";
  return [
    riskOf(
      change.object,
      "data",
      "high",
      `with ${what} go ${enumerate(victims)}`,
      "Move what holds data out of it first, or keep it.",
    ),
  ];
}
