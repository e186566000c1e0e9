import { type KubeObject } from "../object/kube-object";

/** A kind of objects that a condition looks at beside the object itself. */
export interface RelatedKind {
  /** API version of the kind. */
  readonly apiVersion: string;

  /** The kind. */
  readonly kind: string;

  /** Whether its objects live in no namespace. @default false */
  readonly clusterWide?: boolean;
}

/** Everything a condition may look at, at one moment. */
export interface Snapshot {
  /** The object that is waited for, in the version that was written or a later one. */
  readonly object: KubeObject;

  /** How long the waiting has lasted, in milliseconds. */
  readonly waitedFor: number;

  /** The objects of a related kind in the same namespace. */
  related(kind: RelatedKind): readonly KubeObject[];

  /**
   * How long ago each change of the Endpoints was that the waiting has seen, in milliseconds; being seen
   * for the first time is one. Only for a condition that looks at Endpoints.
   *
   * @param name the Endpoints; without one, all of the namespace
   */
  endpointChanges(name?: string): readonly number[];
}

/** What a condition says about a snapshot. */
export type Verdict =
  | { readonly outcome: "ready"; readonly status?: string }
  | {
      readonly outcome: "waiting";
      /** What is waited for, one line. */
      readonly status: string;
      /** What stands in the way, one sentence each. */
      readonly reasons: readonly string[];
      /** Ask again after so many milliseconds, even if nothing changes. @default only on changes */
      readonly askAgainAfter?: number;
    }
  | { readonly outcome: "failed"; readonly reasons: readonly string[] };

/** What must hold before an object counts as ready. */
export interface Condition {
  /** The kinds it looks at beside the object's own. */
  readonly relatedKinds: readonly RelatedKind[];

  /** Judges a snapshot. Pure: the same snapshot gets the same verdict. */
  judge(snapshot: Snapshot): Verdict;
}

export const POD: RelatedKind = { apiVersion: "v1", kind: "Pod" };
export const EVENT: RelatedKind = { apiVersion: "v1", kind: "Event" };
export const REPLICA_SET: RelatedKind = { apiVersion: "apps/v1", kind: "ReplicaSet" };
export const CLAIM: RelatedKind = { apiVersion: "v1", kind: "PersistentVolumeClaim" };
export const ENDPOINTS: RelatedKind = { apiVersion: "v1", kind: "Endpoints" };
export const SERVICE: RelatedKind = { apiVersion: "v1", kind: "Service" };
export const STORAGE_CLASS: RelatedKind = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  clusterWide: true,
};
