import { cidrProblem, type Addresses } from "../kit/addresses";
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
  readonly cidrs: Addresses;
  /** Its TCP ports. */
  readonly ports: readonly number[];
  /** What the team said of it, as it was written. */
  readonly said: ExternalSpec;
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
    said: spec,
  };
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
    const message = cidrProblem(cidr, "{ internet: true }");
    return message === undefined ? [] : [{ field, message: `got "${cidr}"; ${message}` }];
  });
}
