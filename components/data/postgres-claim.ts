import type { Quantity } from "../kit/quantity";

/** A volume that one pod writes. */
export interface ClaimSpec {
  readonly accessModes: readonly ["ReadWriteOnce"];
  /** @default - the cluster's default StorageClass */
  readonly storageClassName?: string;
  readonly resources: { readonly requests: { readonly storage: Quantity } };
}

/** The claim for a volume of a size, of the cluster's default class where none is named. */
export function volumeClaim(volume: {
  readonly size: Quantity;
  readonly storageClass?: string;
}): ClaimSpec {
  return {
    accessModes: ["ReadWriteOnce"],
    ...(volume.storageClass === undefined ? {} : { storageClassName: volume.storageClass }),
    resources: { requests: { storage: volume.size } },
  };
}
