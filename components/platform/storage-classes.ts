import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../kit/component";
import { retained, type Retention } from "../kit/retention";
import type { StorageClassesSettings, StorageClassSettings } from "../settings/storage-classes";
import type { Feature } from "./features";

export interface StorageClassesArgs {
  /** The classes, by their names. */
  readonly classes: StorageClassesSettings;
  /** What becomes of them on a destroy: a volume that is kept can grow only while its class is there. */
  readonly retention: Retention;
}

/** The StorageClasses that a stack lists: those it makes, and those that it says are there. */
export interface ListedClasses extends Feature {
  /** Their names; where there is any, a claim may name these only. */
  readonly names: readonly string[];
}

/**
 * The StorageClasses that the stack makes, once for the cluster. What makes a class what it is cannot
 * change: such an edit is refused in the preview, and another class has another name.
 */
export class StorageClasses extends Component implements ListedClasses {
  readonly names: readonly string[];
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: StorageClassesArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("platform", "StorageClasses", name, opts);

    this.names = Object.keys(args.classes);
    this.ready = Object.entries(args.classes).flatMap(([className, settings]) =>
      settings === "installed"
        ? []
        : [
            new kubernetes.storage.v1.StorageClass(
              `${name}-${className}`,
              storageClass(className, settings),
              { parent: this, ...retained(args.retention) },
            ),
          ],
    );
    this.registerOutputs({});
  }
}

/**
 * One class.
 * @see https://kubernetes.io/docs/concepts/storage/storage-classes/
 */
export function storageClass(
  name: string,
  settings: StorageClassSettings,
): kubernetes.storage.v1.StorageClassArgs {
  return {
    metadata: {
      name,
      ...(settings.default && {
        annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
      }),
    },
    provisioner: settings.provisioner,
    parameters: { ...settings.parameters },
    reclaimPolicy: settings.reclaimPolicy,
    volumeBindingMode: settings.volumeBindingMode,
    allowVolumeExpansion: settings.allowVolumeExpansion,
  };
}
