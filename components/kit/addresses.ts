import { isIP } from "node:net";

/** Address ranges, each by its first address, or every public address. */
export type Addresses = "internet" | readonly string[];

/** A range of addresses, without some within it. */
export interface CidrBlock {
  /** The range. */
  readonly cidr: string;
  /**
   * Ranges within it that stay closed.
   * @default - none
   */
  readonly except?: readonly string[];
}

/** The address ranges, as a network policy has them. */
export function addressBlocks(addresses: Addresses): readonly CidrBlock[] {
  return addresses === "internet" ? internet : addresses.map((cidr) => ({ cidr }));
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

/** What is wrong with an address range, if anything; `everywhere` is how every public address is said. */
export function cidrProblem(cidr: string, everywhere: string): string | undefined {
  const [address = "", bits = "", ...rest] = cidr.split("/");
  const family = isIP(address);
  const most = family === 4 ? 32 : 128;
  if (family === 0 || rest.length > 0 || !/^(0|[1-9][0-9]*)$/.test(bits) || Number(bits) > most) {
    return 'it has to be an address and the length of its prefix, such as "203.0.113.0/24" or "2001:db8::/32".';
  }
  if (bits === "0") {
    return `which is every address, those of the cluster too. Name the ranges that are needed, or say ${everywhere}.`;
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
