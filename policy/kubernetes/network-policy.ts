import { isMap, list, maps, number, strings, text, type Fields } from "../core/fields";
import { type ObjectView } from "../core/object";

export type Direction = "Ingress" | "Egress";

/**
 * Directions a NetworkPolicy isolates. Without policyTypes it is Ingress, and Egress when there are egress rules.
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource
 */
export function directionsOf({ spec }: ObjectView): readonly Direction[] {
  const written = strings(spec["policyTypes"]);
  if (written.length > 0) {
    return (["Ingress", "Egress"] as const).filter((direction) => written.includes(direction));
  }
  return list(spec["egress"]).length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
}

/** The rules of a direction; none means that nothing is allowed. */
export function rulesFor({ spec }: ObjectView, direction: Direction): readonly Fields[] {
  return maps(spec[direction.toLowerCase()]);
}

/** Peers of a rule; none means everybody. */
export function peersOf(rule: Fields, direction: Direction): readonly Fields[] {
  return maps(rule[direction === "Ingress" ? "from" : "to"]);
}

const DNS_PORT = 53;

/** True when an egress rule lets a pod ask a name server. */
export function allowsDns(rule: Fields): boolean {
  const ports = maps(rule["ports"]);
  return ports.length === 0 || ports.some((port) => isDnsPort(port));
}

/** True when an egress rule lets a pod do nothing but ask a name server. */
export function allowsDnsOnly(rule: Fields): boolean {
  const ports = maps(rule["ports"]);
  return ports.length > 0 && ports.every(({ port }) => port === DNS_PORT || port === "dns");
}

function isDnsPort({ port, endPort, protocol }: Fields): boolean {
  if (protocol === "SCTP") {
    return false;
  }
  if (port === undefined || port === null) {
    return true;
  }
  const from = number(port);
  if (from === undefined) {
    return /^dns|domain/.test(text(port) ?? "");
  }
  return from <= DNS_PORT && (number(endPort) ?? from) >= DNS_PORT;
}

/** True when the peer is every address there is. */
export function isAnywhere(peer: Fields): boolean {
  const block = peer["ipBlock"];
  return isMap(block) && (block["cidr"] === "0.0.0.0/0" || block["cidr"] === "::/0");
}
