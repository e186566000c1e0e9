/** The metadata of a Kubernetes object, as far as the player looks at it. */
export interface ObjectMeta {
  /** The object's name. */
  readonly name: string;
  /** Its namespace. @default - the object belongs to the cluster */
  readonly namespace?: string;
  /** Set by the API server. */
  readonly uid?: string;
  /** Counts the changes of the spec. */
  readonly generation?: number;
  /** Changes with every write; a patch that carries it fails when the object has changed since. */
  readonly resourceVersion?: string;
  /** Labels by name. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations by name. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** What has to happen before the object goes. */
  readonly finalizers?: readonly string[];
  /** When its deletion began (RFC 3339). @default - it is not being deleted */
  readonly deletionTimestamp?: string;
  /** The objects it is deleted with. */
  readonly ownerReferences?: readonly OwnerReference[];
}

/** A reference to the object that another one is deleted with. */
export interface OwnerReference {
  /** Group and version of the owner. */
  readonly apiVersion: string;
  /** Kind of the owner. */
  readonly kind: string;
  /** Name of the owner, in the same namespace. */
  readonly name: string;
  /** Uid of the owner. */
  readonly uid: string;
  /** Whether the owner is the one that reconciles the object. @default false */
  readonly controller?: boolean;
  /** Whether the owner's foreground deletion waits for the object. @default false */
  readonly blockOwnerDeletion?: boolean;
}

/** Any Kubernetes object. */
export interface KubernetesObject {
  /** Group and version, for example `v1` or `cert-manager.io/v1`. */
  readonly apiVersion: string;
  /** The kind. */
  readonly kind: string;
  /** The metadata. */
  readonly metadata: ObjectMeta;
}

/** A condition of a status. */
export interface Condition {
  /** The condition's name, for example `Ready`. */
  readonly type: string;
  /** `True`, `False` or `Unknown`. */
  readonly status: "True" | "False" | "Unknown";
  /** A word for why. */
  readonly reason: string;
  /** A sentence for people. */
  readonly message: string;
  /** When `status` last changed (RFC 3339). */
  readonly lastTransitionTime?: string;
  /** The generation the condition speaks of. @default - it does not say */
  readonly observedGeneration?: number;
}

/** A Secret. */
export interface Secret extends KubernetesObject {
  /** Values by key, in base64. */
  readonly data?: Readonly<Record<string, string>>;
  /** The Secret's type. @default Opaque */
  readonly type?: string;
  /** Whether its data may never change. @default false */
  readonly immutable?: boolean;
}

/** The controller's reference to the object that owns what it makes. */
export function controllerReference(owner: KubernetesObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? "",
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** Values of a Secret as the API wants them. */
export function encode(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString("base64")]),
  );
}

/** Values of a Secret as text. */
export function decode(secret: Secret | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(secret?.data ?? {}).map(([key, value]) => [
      key,
      Buffer.from(value, "base64").toString(),
    ]),
  );
}

/** `namespace/name`, or the name alone. */
export function keyOf({ metadata }: Pick<KubernetesObject, "metadata">): string {
  return metadata.namespace === undefined
    ? metadata.name
    : `${metadata.namespace}/${metadata.name}`;
}
