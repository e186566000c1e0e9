import { BlockList, isIP } from "node:net";
import { matchesSelector } from "../../policy/core/selectors";

type Labels = Readonly<Record<string, string>>;

/** Pods that are all alike, as a controller makes them. */
export interface Pods {
  /** The namespace and the controller: `storefront/orders`. */
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  /** The ports of their containers, by name where they have one. */
  readonly ports: readonly { readonly name?: string; readonly number: number }[];
}

interface PolicyPort {
  readonly protocol?: string;
  readonly port?: number | string;
  readonly endPort?: number;
}

interface Peer {
  readonly podSelector?: unknown;
  readonly namespaceSelector?: unknown;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly PolicyPort[];
}

/** A NetworkPolicy, with what decides about connections. */
export interface NetworkPolicy {
  readonly metadata: { readonly namespace?: string };
  readonly spec: {
    readonly podSelector?: unknown;
    readonly policyTypes?: readonly string[];
    readonly ingress?: readonly Rule[];
    readonly egress?: readonly Rule[];
  };
}

/** A cluster as far as its network policies can tell. */
export interface Network {
  readonly pods: readonly Pods[];
  readonly policies: readonly NetworkPolicy[];
  /** The labels of the namespaces, by name. */
  readonly namespaces: Readonly<Record<string, Labels>>;
}

type Direction = "Ingress" | "Egress";

/**
 * Which pods may open a TCP connection to which: `from → to:port` for each port of a container of
 * theirs. A connection needs the leave of both ends.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function connections(network: Network): readonly string[] {
  return network.pods
    .flatMap((from) =>
      network.pods.flatMap((to) =>
        to.ports
          .filter((port) => allowed(network, "Egress", from, to, port))
          .filter((port) => allowed(network, "Ingress", to, from, port))
          .map((port) => `${from.name} → ${to.name}:${String(port.number)}`),
      ),
    )
    .sort();
}

/** Which pods may open a TCP connection to an address outside the cluster. */
export function mayReach(network: Network, from: Pods, address: string, port: number): boolean {
  const rules = rulesOf(network, "Egress", from);
  return (
    rules === undefined ||
    rules.some(
      (rule) =>
        hasPort(rule.ports, { number: port }) &&
        (isEverything(rule.to) || rule.to.some(({ ipBlock }) => inBlock(ipBlock, address))),
    )
  );
}

/** Which pods an address outside the cluster may open a TCP connection to. */
export function mayBeReached(network: Network, to: Pods, address: string, port: number): boolean {
  const rules = rulesOf(network, "Ingress", to);
  return (
    rules === undefined ||
    rules.some(
      (rule) =>
        hasPort(rule.ports, namedPort(to, port)) &&
        (isEverything(rule.from) || rule.from.some(({ ipBlock }) => inBlock(ipBlock, address))),
    )
  );
}

function namedPort(pods: Pods, number: number): Pods["ports"][number] {
  return pods.ports.find((port) => port.number === number) ?? { number };
}

/** Whether the policies about `subject` let it talk with `other`, in one direction. */
function allowed(
  network: Network,
  direction: Direction,
  subject: Pods,
  other: Pods,
  port: Pods["ports"][number],
): boolean {
  const rules = rulesOf(network, direction, subject);
  return (
    rules === undefined ||
    rules.some((rule) => {
      const peers = direction === "Ingress" ? rule.from : rule.to;
      return (
        hasPort(rule.ports, port) &&
        (isEverything(peers) ||
          peers.some((peer) => selects(network, peer, subject.namespace, other)))
      );
    })
  );
}

/** The rules for pods in one direction; undefined where no policy isolates them, so that all is allowed. */
function rulesOf(
  { policies }: Network,
  direction: Direction,
  pods: Pods,
): readonly Rule[] | undefined {
  const about = policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === pods.namespace &&
      typesOf(spec).includes(direction) &&
      matchesSelector(spec.podSelector ?? {}, pods.labels),
  );
  return about.length === 0
    ? undefined
    : about.flatMap(({ spec }) => (direction === "Ingress" ? spec.ingress : spec.egress) ?? []);
}

/** Where a policy names no direction, it is about what comes in, and about what goes out if it has rules for it. */
function typesOf({ policyTypes, egress }: NetworkPolicy["spec"]): readonly string[] {
  return policyTypes ?? ["Ingress", ...(egress === undefined ? [] : ["Egress"])];
}

/** No peer, or an empty list of them, is everybody. */
function isEverything(peers: readonly Peer[] | undefined): peers is undefined {
  return peers === undefined || peers.length === 0;
}

function selects({ namespaces }: Network, peer: Peer, home: string, pods: Pods): boolean {
  if (peer.ipBlock !== undefined) {
    // A pod's address is nothing to rely on: such a rule is about what is outside the cluster.
    return false;
  }
  const inNamespace =
    peer.namespaceSelector === undefined
      ? pods.namespace === home
      : matchesSelector(peer.namespaceSelector, namespaces[pods.namespace] ?? {});
  return inNamespace && matchesSelector(peer.podSelector ?? {}, pods.labels);
}

function hasPort(
  ports: readonly PolicyPort[] | undefined,
  { name, number }: Pods["ports"][number],
): boolean {
  return (
    ports === undefined ||
    ports.length === 0 ||
    ports.some(({ protocol = "TCP", port, endPort }) => {
      if (protocol !== "TCP") {
        return false;
      }
      if (port === undefined || typeof port === "string") {
        return port === undefined || port === name;
      }
      return number >= port && number <= (endPort ?? port);
    })
  );
}

function inBlock(block: Peer["ipBlock"], address: string): boolean {
  return (
    block !== undefined &&
    within(block.cidr, address) &&
    !(block.except ?? []).some((cidr) => within(cidr, address))
  );
}

function within(cidr: string, address: string): boolean {
  const [net = "", bits = ""] = cidr.split("/");
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  const list = new BlockList();
  list.addSubnet(net, Number(bits), isIP(net) === 6 ? "ipv6" : "ipv4");
  return list.check(address, family);
}
