import { isDeepStrictEqual } from "node:util";
import { at, listAt, nameOf, textAt } from "../object/kube-object";
import { EVENT, STORAGE_CLASS, type Condition } from "./condition";
import { warnings } from "./pods";

/**
 * A claim is ready when it is bound. One whose storage class binds with its first consumer is ready while
 * it is pending: its consumer is created after it.
 */
export const claimCondition: Condition = {
  relatedKinds: [STORAGE_CLASS, EVENT],
  judge: (snapshot) => {
    const claim = snapshot.object;
    const phase = textAt(claim, "status", "phase");
    const className = textAt(claim, "spec", "storageClassName");
    const storageClass = snapshot.related(STORAGE_CLASS).find((sc) => nameOf(sc) === className);
    const waitsForConsumer = textAt(storageClass, "volumeBindingMode") === "WaitForFirstConsumer";
    if (phase === "Bound" || (waitsForConsumer && phase === "Pending")) {
      return { outcome: "ready" };
    }
    const status = `Waiting for PersistentVolumeClaim to be bound (${phase || "no phase yet"})`;
    return { outcome: "waiting", status, reasons: [status, ...warnings(snapshot, [claim])] };
  },
};

/** A volume is ready when it is available or bound. */
export const volumeCondition: Condition = {
  relatedKinds: [],
  judge: ({ object }) => {
    const phase = textAt(object, "status", "phase");
    const status = `Waiting for PersistentVolume to be available (${phase || "no phase yet"})`;
    return ["Available", "Bound"].includes(phase)
      ? { outcome: "ready" }
      : { outcome: "waiting", status, reasons: [status] };
  },
};

/** A quota is ready when its controller has taken over the limits. */
export const quotaCondition: Condition = {
  relatedKinds: [],
  judge: ({ object }) => {
    const status = "Waiting for the ResourceQuota's limits to be in force";
    return isDeepStrictEqual(at(object, "spec", "hard"), at(object, "status", "hard"))
      ? { outcome: "ready" }
      : { outcome: "waiting", status, reasons: [status] };
  },
};

/** A service account's token is ready when the token has been written; every other Secret is at once. */
export const secretCondition: Condition = {
  relatedKinds: [],
  judge: ({ object }) => {
    const status = "Waiting for the service account's token";
    const isReady =
      object["type"] !== "kubernetes.io/service-account-token" ||
      Object.keys(at(object, "data") ?? {}).length > 0;
    return isReady ? { outcome: "ready" } : { outcome: "waiting", status, reasons: [status] };
  },
};

/** A custom resource definition is ready when its kind is served. */
export const definitionCondition: Condition = {
  relatedKinds: [],
  judge: ({ object }) => {
    const conditions = listAt(object, "status", "conditions");
    const find = (type: string) => conditions.find((entry) => textAt(entry, "type") === type);
    if (textAt(find("Established"), "status") === "True") {
      return { outcome: "ready" };
    }
    const names = find("NamesAccepted");
    const status = "Waiting for the CustomResourceDefinition to be established";
    return textAt(names, "status") === "False"
      ? { outcome: "failed", reasons: [`[${textAt(names, "reason")}] ${textAt(names, "message")}`] }
      : { outcome: "waiting", status, reasons: [status] };
  },
};
