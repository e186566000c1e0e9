import type * as pulumi from "@pulumi/pulumi";
import type { Addresses } from "./addresses";
import type { CloudIdentity } from "./cloud-identity";

/**
 * One value of a connection, named before the connection exists: an application's declaration puts it
 * into a container's environment, and it becomes an address or a Secret reference when it is deployed.
 */
export interface ConnectionField {
  /** The demand the field belongs to. */
  readonly demand: Demand;
  /** The field's name in `Connection.fields`. */
  readonly field: string;
}

/**
 * What an application asks of another room, as a plain value: a database, a stream, a bucket, a secret.
 * `key` is what makes two demands the same one.
 * @opaque
 */
export interface Demand {
  /** Which service answers the demand. */
  readonly kind: "database" | "stream" | "bucket" | "secret";
  /** Unique among the demands of one application: `<kind>/<name>`. */
  readonly key: string;
}

/**
 * A field of a connection: an address anyone may read, a key of the connection's Secret, or nothing,
 * where the service has no such value: the variable is then left out.
 */
export type FieldValue =
  | { readonly kind: "plain"; readonly value: string }
  | { readonly kind: "secret"; readonly key: string }
  | { readonly kind: "none" };

/** Pods and ports at one end of an allowed network path. */
export interface NetworkPeer {
  /** The namespace of the pods. */
  readonly namespace: string;
  /** The labels that select them. */
  readonly podLabels: Readonly<Record<string, string>>;
  /** The TCP ports they serve. */
  readonly ports: readonly number[];
}

/** Addresses and ports outside the cluster that pods may reach. */
export interface OutsidePeer {
  /** Its address ranges. */
  readonly addresses: Addresses;
  /** The TCP ports it serves. */
  readonly ports: readonly number[];
}

/** A Secret that lives beside the service it opens and is carried to its consumer by External Secrets. */
export interface RemoteSecret {
  /** The namespace that holds the Secret. */
  readonly namespace: string;
  /** The Secret's name there. */
  readonly name: string;
  /** The keys a consumer needs. */
  readonly keys: readonly string[];
  /**
   * Keys that another Secret of the namespace holds, with its name.
   * @default - none
   */
  readonly elsewhere?: Readonly<Record<string, string>>;
}

/** A secret that lives in one of the stack's stores and is carried to its consumer by External Secrets. */
export interface StoredSecret {
  /** The ClusterSecretStore that reads it. */
  readonly store: string;
  /** Where it is in the store. */
  readonly name: string;
  /** The keys a consumer needs. */
  readonly keys: readonly string[];
  /** The property of the secret that each key holds. */
  readonly properties: Readonly<Record<string, string>>;
}

/** A queue whose length an autoscaler can ask for. */
export interface QueueSource {
  /** KEDA's name of the scaler that asks. */
  readonly type: string;
  /** Where and for what it asks; without the length to aim at. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** What a consumer needs in order to use a demand that was met. */
export interface Connection {
  /** The demand this connection answers. */
  readonly demand: Demand;
  /** The values a container can ask for, by name. */
  readonly fields: Readonly<Record<string, FieldValue>>;
  /**
   * The credentials behind the secret fields.
   * @default - the connection needs none
   */
  readonly secret?: RemoteSecret | StoredSecret;
  /** The pods a consumer talks to; gives the egress of the one and the ingress of the other. */
  readonly peers: readonly NetworkPeer[];
  /**
   * Where the service is when it is outside the cluster.
   * @default - it is inside
   */
  readonly outside?: OutsidePeer;
  /**
   * Who a consumer is to the cloud that has the service, where that takes the place of a key. A service
   * that says itself who it is stays that.
   * @default - the service asks for credentials, or for none
   */
  readonly identity?: CloudIdentity;
  /** What has to be ready before a consumer starts. */
  readonly ready: readonly pulumi.Resource[];
  /**
   * The queue that waits for the consumer, to scale it on.
   * @default - there is nothing that waits
   */
  readonly scaleOn?: QueueSource;
}

/** A demand, and who makes it. */
export interface ApplicationDemand {
  /** The application's name. */
  readonly application: string;
  /** The namespace its workloads run in. */
  readonly namespace: string;
  /** What it asks for. */
  readonly demand: Demand;
  /**
   * Whether a service scales on what waits there.
   * @default false
   */
  readonly scaledOn?: boolean;
  /**
   * The slot of the preview environments that it is made for; whoever has it at a time gets its way in then.
   * @default - it is for the application itself
   */
  readonly slot?: number;
}
