import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "./component";
import { defaultDeny, networkPolicy, toDns } from "./network-policy";
import type { Quantity } from "./quantity";

/**
 * How much a pod of the namespace may ask of its node.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export type PodSecurity = "restricted" | "baseline" | "privileged";

/** An amount of compute. */
export interface ComputeAmount {
  /** CPU, in cores. */
  readonly cpu: Quantity;
  /** Memory, in bytes. */
  readonly memory: Quantity;
}

/** What all pods of a namespace may use together. */
export interface NamespaceQuota {
  /** The sum of their requests. */
  readonly requests: ComputeAmount;
  /** The sum of their limits. */
  readonly limits: ComputeAmount;
  /** How many pods there may be. */
  readonly pods: number;
  /** How many Services there may be. */
  readonly services: number;
}

/** What a container gets when it does not say, and the most it may ask for. */
export interface ContainerLimits {
  /** The request of a container that names none. */
  readonly defaultRequest: ComputeAmount;
  /** The limit of a container that names none. */
  readonly defaultLimit: ComputeAmount;
  /**
   * The highest limit a container may name.
   * @default - no container is refused for its limit
   */
  readonly max?: ComputeAmount;
}

/**
 * A namespace that is there already. `open` leaves it as it is: no network policy, quota, limit or Pod
 * Security level meets pods that were made without them. `closed` is as if it were made here.
 */
export type ExistingNamespace = "open" | "closed";

export interface NamespaceArgs {
  /** The Namespace's name. */
  readonly name: string;
  /** The Pod Security level that is enforced, audited and warned about. */
  readonly podSecurity: PodSecurity;
  /**
   * The ResourceQuota.
   * @default - none
   */
  readonly quota?: NamespaceQuota;
  /**
   * The LimitRange.
   * @default - none
   */
  readonly limits?: ContainerLimits;
  /**
   * Further labels of the Namespace and of the objects made with it.
   * @default - none
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Keeps the Namespace, and with it the volumes in it, when the stack is destroyed.
   * @default false
   */
  readonly retain?: boolean;
  /**
   * The Namespace is there already, and is taken over.
   * @default - it is made
   */
  readonly existing?: ExistingNamespace;
}

/**
 * A namespace to put objects into, whoever made it.
 * @opaque
 */
export interface Place {
  /** The namespace's name. */
  readonly name: string;
  /** What has to be there before the first object: the Namespace. */
  readonly exists: readonly pulumi.Resource[];
  /** What has to be there before the first pod: its policies, quota and limits too. */
  readonly ready: readonly pulumi.Resource[];
  /**
   * The Namespace whose deletion deletes everything in it.
   * @default - it outlives the stack, or is not the stack's own: objects are deleted one by one
   */
  readonly deletedWith?: pulumi.Resource;
}

/**
 * A namespace that starts closed: Pod Security labels, a default-deny NetworkPolicy both ways, a way
 * out to DNS, and a quota and limits where they are given.
 *
 * What lives in it depends on the component, so that the policies are there before the first pod.
 *
 * @example
 * const namespace = new Namespace("storefront", { name: "storefront", podSecurity: "restricted" });
 */
export class Namespace extends Component implements Place {
  readonly name: string;
  readonly exists: readonly pulumi.Resource[];
  readonly ready: readonly pulumi.Resource[];
  readonly deletedWith?: pulumi.Resource;

  constructor(name: string, args: NamespaceArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("kit", "Namespace", name, opts);
    const isOpen = args.existing === "open";
    const { quota, limits } = isOpen ? {} : args;

    const namespace = createNamespace(this);
    // The engine takes a retained Namespace for a deleted one, and would leave what is `deletedWith` it.
    this.deletedWith = args.retain === true ? undefined : namespace;
    const inNamespace = { parent: this, dependsOn: [namespace], deletedWith: this.deletedWith };
    if (!isOpen) {
      createNetworkPolicies();
    }
    createQuota();
    createLimits();

    this.name = args.name;
    this.exists = [namespace];
    this.ready = [this];
    this.registerOutputs({ name: this.name });

    function createNamespace(parent: Namespace): kubernetes.core.v1.Namespace {
      return new kubernetes.core.v1.Namespace(
        `${name}-namespace`,
        {
          metadata: {
            name: args.name,
            labels: { ...args.labels, ...podSecurityLabels(args.podSecurity) },
          },
        },
        {
          parent,
          ...(args.retain === true ? { protect: true, retainOnDelete: true } : {}),
          ...(args.existing === undefined ? {} : { import: args.name }),
          ...(isOpen ? { ignoreChanges: ["metadata", "spec"] } : {}),
        },
      );
    }

    function metadataOf(object: string): kubernetes.types.input.meta.v1.ObjectMeta {
      return { name: object, namespace: args.name, labels: { ...args.labels } };
    }

    function createNetworkPolicies(): void {
      new kubernetes.networking.v1.NetworkPolicy(
        `${name}-default-deny`,
        { metadata: metadataOf("default-deny"), spec: defaultDeny() },
        inNamespace,
      );
      new kubernetes.networking.v1.NetworkPolicy(
        `${name}-allow-dns`,
        {
          metadata: metadataOf("allow-dns"),
          spec: networkPolicy({ pods: {}, egress: [toDns()] }),
        },
        inNamespace,
      );
    }

    function createQuota(): void {
      if (quota !== undefined) {
        new kubernetes.core.v1.ResourceQuota(
          `${name}-quota`,
          {
            metadata: metadataOf("quota"),
            spec: { hard: quotaHard(quota) },
          },
          inNamespace,
        );
      }
    }

    function createLimits(): void {
      if (limits !== undefined) {
        new kubernetes.core.v1.LimitRange(
          `${name}-limits`,
          {
            metadata: metadataOf("limits"),
            spec: { limits: [limitRangeItem(limits)] },
          },
          inNamespace,
        );
      }
    }
  }
}

/** The labels by which the API server holds a namespace's pods to a Pod Security level. */
export function podSecurityLabels(level: PodSecurity): Record<string, string> {
  return {
    "pod-security.kubernetes.io/enforce": level,
    "pod-security.kubernetes.io/audit": level,
    "pod-security.kubernetes.io/warn": level,
  };
}

/** What a LimitRange says of containers. */
export function limitRangeItem(
  limits: ContainerLimits,
): kubernetes.types.input.core.v1.LimitRangeItem {
  return {
    type: "Container",
    defaultRequest: { ...limits.defaultRequest },
    default: { ...limits.defaultLimit },
    ...(limits.max === undefined ? {} : { max: { ...limits.max } }),
  };
}

/** The keys of a ResourceQuota; numbers are written as quantities, as the API server stores them. */
export function quotaHard(quota: NamespaceQuota): Record<string, string> {
  return {
    "requests.cpu": quota.requests.cpu,
    "requests.memory": quota.requests.memory,
    "limits.cpu": quota.limits.cpu,
    "limits.memory": quota.limits.memory,
    pods: String(quota.pods),
    services: String(quota.services),
  };
}
