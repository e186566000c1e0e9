import type * as kubernetes from "@pulumi/kubernetes";
import type { CidrBlock } from "./addresses";
import type { NetworkPeer } from "./connection";

type NetworkPolicySpec = kubernetes.types.input.networking.v1.NetworkPolicySpec;
type NetworkPolicyPort = kubernetes.types.input.networking.v1.NetworkPolicyPort;
type NetworkPolicyPeer = kubernetes.types.input.networking.v1.NetworkPolicyPeer;

/** One allowed way in; made by `from` or `fromAnywhere`. */
export type IngressRule = kubernetes.types.input.networking.v1.NetworkPolicyIngressRule;

/** One allowed way out; made by `to`, `toBlocks`, `toAnywhere` or `toDns`. */
export type EgressRule = kubernetes.types.input.networking.v1.NetworkPolicyEgressRule;

/** Pods that open a connection: a namespace, and labels within it. */
export type PodGroup = Pick<NetworkPeer, "namespace" | "podLabels">;

/** What some pods of a namespace may be reached by and may reach. */
export interface NetworkPolicyRules {
  /** The labels of the pods the policy is about; `{}` is every pod of the namespace. */
  readonly pods: Readonly<Record<string, string>>;
  /**
   * The ways in; `[]` forbids them all.
   * @default - the policy says nothing of what comes in
   */
  readonly ingress?: readonly IngressRule[];
  /**
   * The ways out; `[]` forbids them all.
   * @default - the policy says nothing of what goes out
   */
  readonly egress?: readonly EgressRule[];
}

/**
 * The spec of a NetworkPolicy. It names a direction exactly when rules for it are given, so a policy
 * about one direction never closes the other.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function networkPolicy({ pods, ingress, egress }: NetworkPolicyRules): NetworkPolicySpec {
  return {
    podSelector: { matchLabels: pods },
    policyTypes: [
      ...(ingress === undefined ? [] : ["Ingress"]),
      ...(egress === undefined ? [] : ["Egress"]),
    ],
    ...(ingress === undefined ? {} : { ingress: [...ingress] }),
    ...(egress === undefined ? {} : { egress: [...egress] }),
  };
}

/** Nothing in, nothing out, for every pod of a namespace. */
export function defaultDeny(): NetworkPolicySpec {
  return networkPolicy({ pods: {}, ingress: [], egress: [] });
}

/**
 * Lets pods in, on the ports given.
 * @throws when no port is given: Kubernetes reads an empty list as every port.
 */
export function from(source: PodGroup, ports: readonly number[]): IngressRule {
  return { from: [podsOf(source)], ports: tcp(ports, `from ${describe(source)}`) };
}

/**
 * Lets any address in, on the ports given: for what no label can select, such as the API server's
 * calls to a webhook, or clients outside the cluster.
 * @throws when no port is given.
 */
export function fromAnywhere(ports: readonly number[]): IngressRule {
  return { ports: tcp(ports, "from anywhere") };
}

/**
 * Lets pods out to a peer, on the peer's ports.
 * @throws when the peer has no port.
 */
export function to(peer: NetworkPeer): EgressRule {
  return { to: [podsOf(peer)], ports: tcp(peer.ports, `to ${describe(peer)}`) };
}

/**
 * Lets pods out to any address, on the ports given: for what no label can select, such as the API
 * server.
 * @throws when no port is given.
 */
export function toAnywhere(ports: readonly number[]): EgressRule {
  return { ports: tcp(ports, "to anywhere") };
}

/**
 * Lets pods out to address ranges, on the ports given: for what is outside the cluster.
 * @throws when no port is given.
 */
export function toBlocks(blocks: readonly CidrBlock[], ports: readonly number[]): EgressRule {
  return {
    to: blocks.map(({ cidr, except }) => ({
      ipBlock: except === undefined ? { cidr } : { cidr, except: [...except] },
    })),
    ports: tcp(ports, `to ${blocks.map(({ cidr }) => cidr).join(", ")}`),
  };
}

/**
 * Lets pods out to every pod of the cluster: for a controller that is there before those it talks to.
 * Which of them let it in is for their own policies to say.
 */
export function toAnyPod(): EgressRule {
  return { to: [{ namespaceSelector: {} }] };
}

/**
 * Lets pods ask the cluster's DNS. CoreDNS keeps the label of its predecessor.
 * @see https://kubernetes.io/docs/tasks/administer-cluster/dns-custom-nameservers/
 */
export function toDns(): EgressRule {
  return {
    to: [podsOf({ namespace: "kube-system", podLabels: { "k8s-app": "kube-dns" } })],
    ports: [
      { protocol: "UDP", port: 53 },
      { protocol: "TCP", port: 53 },
    ],
  };
}

/**
 * The ports of the API server: 443 at the `kubernetes` Service, 6443 where the address is rewritten
 * to a control plane node before the policy is judged.
 */
export const apiServerPorts: readonly number[] = [443, 6443];

/** A namespace is selected by the label that the API server itself puts on every one. */
function podsOf({ namespace, podLabels }: PodGroup): NetworkPolicyPeer {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    podSelector: { matchLabels: podLabels },
  };
}

function tcp(ports: readonly number[], path: string): NetworkPolicyPort[] {
  if (ports.length === 0) {
    throw new Error(
      `The network path ${path} names no port, which Kubernetes reads as every port. Name at least one.`,
    );
  }
  return ports.map((port) => ({ protocol: "TCP", port }));
}

function describe({ namespace, podLabels }: PodGroup): string {
  const labels = Object.entries(podLabels).map(([key, value]) => `${key}=${value}`);
  return `pods ${labels.length === 0 ? "(all)" : labels.join(",")} of namespace "${namespace}"`;
}
