import {
  type Condition,
  type RelatedKind,
  type Snapshot,
  type Verdict,
} from "../../../../../sandbox/plugins/kubernetes/await/condition";
import {
  nameOf,
  type KubeObject,
} from "../../../../../sandbox/plugins/kubernetes/object/kube-object";
import { type PlainMap } from "../../../../../sandbox/plugins/rpc/values";

/** An object as a watch would show it. */
export function kubeObject(kind: string, more: PlainMap, metadata: PlainMap = {}): KubeObject {
  return {
    apiVersion: "v1",
    kind,
    metadata: { name: "a", namespace: "n", uid: `${kind}-uid`, generation: 1, ...metadata },
    ...more,
  };
}

/** The metadata of an object that belongs to another. */
export function ownedBy(owner: KubeObject, more: PlainMap = {}): PlainMap {
  const metadata = owner["metadata"] as PlainMap;
  return { ...more, ownerReferences: [{ uid: metadata["uid"] ?? "" }] };
}

/** A warning about an object. */
export function warning(about: KubeObject, reason: string, message: string): KubeObject {
  const { name, uid } = about["metadata"] as PlainMap;
  return kubeObject("Event", {
    type: "Warning",
    reason,
    message,
    involvedObject: { kind: about.kind, name: name ?? "", uid: uid ?? "" },
  });
}

/** Judges an object among others, whose Endpoints have all changed so many milliseconds ago. */
export function judge(
  condition: Condition,
  object: KubeObject,
  others: readonly KubeObject[] = [],
  ago = Infinity,
): Verdict {
  const changed = others.filter(({ kind }) => kind === "Endpoints");
  const snapshot: Snapshot = {
    object,
    waitedFor: ago,
    endpointChanges: (name) =>
      changed.filter((other) => name === undefined || nameOf(other) === name).map(() => ago),
    related: ({ kind }: RelatedKind) => others.filter((other) => other.kind === kind),
  };
  return condition.judge(snapshot);
}

/** What is in the way, in one text; empty when the object is ready. */
export function reasons(verdict: Verdict): string {
  return verdict.outcome === "ready" ? "" : verdict.reasons.join("\n");
}
