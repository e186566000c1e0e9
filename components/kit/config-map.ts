import { createHash } from "node:crypto";
import type * as kubernetes from "@pulumi/kubernetes";

/** The values of a ConfigMap, by key. */
export type ConfigData = Readonly<Record<string, string>>;

export interface ContentConfigMapArgs {
  /** What the name starts with; a hash of the data follows. */
  readonly baseName: string;
  /** The namespace. */
  readonly namespace: string;
  /** The labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** The values. */
  readonly data: ConfigData;
}

/**
 * An immutable ConfigMap that is named by its content: other content is another object. Whoever
 * refers to it by name rolls exactly when the content changes, and pods of the old revision keep what
 * they started with until they are gone.
 * @see https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-immutable
 */
export function contentConfigMap(args: ContentConfigMapArgs): kubernetes.core.v1.ConfigMapArgs {
  return {
    metadata: {
      name: contentName(args.baseName, args.data),
      namespace: args.namespace,
      labels: { ...args.labels },
    },
    immutable: true,
    data: { ...args.data },
  };
}

/** A name that is the same for the same data, whatever the order of its keys. */
export function contentName(baseName: string, data: ConfigData): string {
  const sorted = Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, 10);
  return `${baseName}-${hash}`;
}
