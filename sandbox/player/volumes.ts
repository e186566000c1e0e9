import type { Action } from "./action";
import type { KubernetesObject } from "./objects";
import type { World } from "./world";

/** Who provides the volumes: a name of our own, so that nobody else acts on them. */
const provisioner = "sandbox.slipway.dev/volumes";

/** The annotation by which Kubernetes leaves the deletion of a volume to who provided it. */
const providedBy = "pv.kubernetes.io/provisioned-by";

/** A PersistentVolumeClaim. */
export interface Claim extends KubernetesObject {
  /** What is claimed. */
  readonly spec: {
    readonly accessModes?: readonly string[];
    readonly resources?: { readonly requests?: { readonly storage?: string } };
    readonly storageClassName?: string;
    readonly volumeMode?: string;
    readonly volumeName?: string;
  };
  /** What was given. */
  readonly status?: {
    readonly phase?: string;
    readonly capacity?: { readonly storage?: string };
  };
}

/** A PersistentVolume. */
export interface Volume extends KubernetesObject {
  /** What it is. */
  readonly spec: {
    readonly capacity: { readonly storage: string };
    readonly persistentVolumeReclaimPolicy?: string;
    readonly [field: string]: unknown;
  };
  /** Whom it is bound to. */
  readonly status?: { readonly phase?: string };
}

/** A StorageClass. */
export interface StorageClass extends KubernetesObject {
  /** Who provides its volumes. */
  readonly provisioner: string;
  /** What becomes of a volume that is given back. @default Delete */
  readonly reclaimPolicy?: string;
  /** When a claim is bound. @default Immediate */
  readonly volumeBindingMode?: string;
  /** Whether a claim may grow. @default false */
  readonly allowVolumeExpansion?: boolean;
}

/** The cluster's default class, which the sandbox owns. */
export const defaultStorageClass: StorageClass = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: {
    name: "sandbox",
    annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
  },
  provisioner,
  reclaimPolicy: "Delete",
  volumeBindingMode: "Immediate",
  allowVolumeExpansion: true,
};

/** Provides a volume for each claim, whatever class it asks for, lets it grow, and takes it back. */
export function playVolumes(world: World): readonly Action[] {
  return [
    ...ownClass(world),
    ...world.list<Claim>("PersistentVolumeClaim").flatMap((claim) => playClaim(claim, world)),
    ...world.list<Volume>("PersistentVolume").filter(isGivenBack).map(remove),
  ];
}

function ownClass(world: World): readonly Action[] {
  const exists = world.get("StorageClass", defaultStorageClass.metadata.name) !== undefined;
  return exists ? [] : [{ do: "create", object: defaultStorageClass }];
}

function playClaim(claim: Claim, world: World): readonly Action[] {
  const { spec, status, metadata } = claim;
  const storageClass = world.get<StorageClass>("StorageClass", spec.storageClassName ?? "");
  const requested = spec.resources?.requests?.storage;
  if (metadata.deletionTimestamp !== undefined || requested === undefined) {
    return [];
  }
  if (status?.phase === "Bound") {
    const volume = world.get<Volume>("PersistentVolume", spec.volumeName ?? "");
    return volume === undefined || !isOurs(volume) || status.capacity?.storage === requested
      ? []
      : grow(claim, volume, requested);
  }
  // An empty class means a volume made by hand; so does a class without a provisioner.
  const byHand =
    spec.storageClassName === "" || storageClass?.provisioner === "kubernetes.io/no-provisioner";
  const volume = volumeFor(claim, requested, storageClass);
  const exists = world.get("PersistentVolume", volume.metadata.name) !== undefined;
  return byHand || exists || spec.volumeName !== undefined
    ? []
    : [{ do: "create", object: volume }];
}

/** The volume of a claim, bound to it in advance. It leads nowhere: no simulated pod mounts it. */
export function volumeFor(claim: Claim, size: string, storageClass?: StorageClass): Volume {
  const { metadata, spec } = claim;
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: {
      name: `pvc-${metadata.uid ?? ""}`,
      annotations: { [providedBy]: provisioner },
    },
    spec: {
      accessModes: spec.accessModes ?? ["ReadWriteOnce"],
      capacity: { storage: size },
      claimRef: {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        name: metadata.name,
        namespace: metadata.namespace,
        uid: metadata.uid,
      },
      hostPath: { path: `/sandbox/${metadata.uid ?? ""}` },
      persistentVolumeReclaimPolicy: storageClass?.reclaimPolicy ?? "Delete",
      storageClassName: spec.storageClassName,
      volumeMode: spec.volumeMode ?? "Filesystem",
    },
  };
}

function grow(claim: Claim, volume: Volume, size: string): readonly Action[] {
  const capacity = { storage: size };
  return volume.spec.capacity.storage === size
    ? [{ do: "mergeStatus", object: claim, fields: { capacity } }]
    : [{ do: "merge", object: volume, fields: { spec: { capacity } } }];
}

function isGivenBack(volume: Volume): boolean {
  return (
    isOurs(volume) &&
    volume.status?.phase === "Released" &&
    volume.spec.persistentVolumeReclaimPolicy === "Delete" &&
    volume.metadata.deletionTimestamp === undefined
  );
}

function isOurs({ metadata }: Volume): boolean {
  return metadata.annotations?.[providedBy] === provisioner;
}

function remove(volume: Volume): Action {
  return { do: "delete", object: volume };
}
