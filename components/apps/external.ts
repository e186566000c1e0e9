import { isIP } from "node:net";
import type { CidrBlock } from "../kit/network-policy";
import type { OneOf } from "../kit/one-of";
import type { Problem } from "../kit/problem";

/** Where something outside the cluster is: its address ranges, or anywhere on the internet. */
type Where = OneOf<{
  /** Its address ranges, each by its first address: `"203.0.113.0/24"`, `"198.51.100.7/32"`. */
  readonly cidrs: readonly string[];
  /** Every public address, for what has no addresses of its own; private ones stay closed. */
  readonly internet: true;
}>;

/** The TCP ports of something outside the cluster: one, or several. */
type OnPorts = OneOf<{
  /** Its TCP port. */
  readonly port: number;
  /** Its TCP ports. */
  readonly ports: readonly number[];
}>;

/** What is outside the cluster, as a team says it. */
export type ExternalSpec = Where & OnPorts;

/** Something outside the cluster that a service uses. */
export interface External {
  /** Tells it from what other rooms and other services give. */
  readonly kind: "external";
  /** Its address ranges. */
  readonly cidrs: "internet" | readonly string[];
  /** Its TCP ports. */
  readonly ports: readonly number[];
}

/**
 * Something outside the cluster that a service uses, by its addresses and TCP ports: a network policy
 * knows no host names.
 *
 * @example
 * const payments = external({ cidrs: ["203.0.113.0/24"], port: 443 });
 * const orders = service("orders", { ...web, uses: { payments } });
 */
export function external(spec: ExternalSpec): External {
  return {
    kind: "external",
    cidrs: spec.internet === true ? "internet" : spec.cidrs,
    ports: spec.port === undefined ? spec.ports : [spec.port],
  };
}

/**
 * Addresses that nobody routes over the internet: those of the cluster and its neighbours, and the
 * link-local one at which clouds hand credentials to any pod that asks.
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry
 */
const internet: readonly CidrBlock[] = [
  {
    cidr: "0.0.0.0/0",
    except: ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"],
  },
  { cidr: "::/0", except: ["fc00::/7", "fe80::/10"] },
];

/** The address ranges of something outside, as a network policy has them. */
export function externalBlocks({ cidrs }: External): readonly CidrBlock[] {
  return cidrs === "internet" ? internet : cidrs.map((cidr) => ({ cidr }));
}

/** What is wrong with something outside. */
export function externalProblems({ cidrs, ports }: External): readonly Problem[] {
  return [
    ...(cidrs === "internet" ? [] : cidrsProblems(cidrs)),
    ...(ports.length > 0
      ? []
      : [{ field: "ports", message: "got none, which would open every port. Name at least one." }]),
    ...ports
      .filter((port) => !Number.isInteger(port) || port < 1 || port > 65_535)
      .map((port) => ({
        field: "ports",
        message: `got ${String(port)}; a port is a whole number from 1 to 65535.`,
      })),
  ];
}

function cidrsProblems(cidrs: readonly string[]): readonly Problem[] {
  const field = "cidrs";
  if (cidrs.length === 0) {
    return [{ field, message: "got none, which would open every address. Name at least one." }];
  }
  return cidrs.flatMap((cidr) => {
    const message = cidrText(cidr);
    return message === undefined ? [] : [{ field, message: `got "${cidr}"; ${message}` }];
  });
}

/** What is wrong with an address range, if anything. */
function cidrText(cidr: string): string | undefined {
  const [address = "", bits = "", ...rest] = cidr.split("/");
  const family = isIP(address);
  const most = family === 4 ? 32 : 128;
  if (family === 0 || rest.length > 0 || !/^(0|[1-9][0-9]*)$/.test(bits) || Number(bits) > most) {
    return 'it has to be an address and the length of its prefix, such as "203.0.113.0/24" or "2001:db8::/32".';
  }
  if (bits === "0") {
    return "which is every address, those of the cluster too. Name the ranges that are needed, or say { internet: true }.";
  }
  return family === 4 && !isFirstAddress(address, Number(bits))
    ? `which names an address inside the range. Write its first address, or "${address}/32" for that one alone.`
    : undefined;
}

/** Says whether an IPv4 address has no bit set behind its prefix; network plugins differ on what such a one means. */
function isFirstAddress(address: string, bits: number): boolean {
  const value = address.split(".").reduce((total, part) => total * 256 + Number(part), 0);
  return value % 2 ** (32 - bits) === 0;
}
