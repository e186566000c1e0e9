import { expect } from "chai";
import { examine } from "../../../operations/doctor/examine";
import type { Finding } from "../../../operations/doctor/finding";
import type { Seen, Source } from "../../../operations/doctor/seen";
import { issueCertificate } from "../../../sandbox/player/x509";
import { context, healthy, now } from "./healthy";

const day = 86_400;

/** A certificate for a host that ends some days from now, and began a year before. */
async function certificateFor(host: string, days: number): Promise<string> {
  const { certificate } = await issueCertificate(
    {
      organizations: [],
      dnsNames: [host],
      ipAddresses: [],
      isCA: false,
      notBefore: new Date(now.getTime() + (days - 365) * day * 1000),
      notAfter: new Date(now.getTime() + days * day * 1000),
    },
    "ECDSA",
  );
  return certificate;
}

export type Json = Readonly<Record<string, unknown>>;

/** Objects of one source, each with fields set anew; what is a map in both is merged. */
export function merge(object: unknown, changes: Json): unknown {
  const merged: Record<string, unknown> = { ...(object as Json) };
  for (const [key, value] of Object.entries(changes)) {
    const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
    merged[key] = isMap ? merge(merged[key] ?? {}, value as Json) : value;
  }
  return merged;
}

/** A condition that is not met, as a status says it. */
export const failing = (type: string, reason: string, message: string) => ({
  status: { conditions: [{ type, status: "False", reason, message }] },
});

/** What a stack's Ingress may serve beside its own certificate. */
interface Served {
  readonly expired: string;
  readonly ending: string;
  readonly other: string;
}

let prepared: { readonly well: Seen; readonly served: Served } | undefined;

/** Makes the certificates once; examinations call it before they plant anything. */
export async function prepare(): Promise<void> {
  prepared ??= {
    well: healthy(await certificateFor("orders.example.com", 60)),
    served: {
      expired: await certificateFor("orders.example.com", -3),
      ending: await certificateFor("orders.example.com", 10),
      other: await certificateFor("www.example.com", 60),
    },
  };
}

function ready(): NonNullable<typeof prepared> {
  if (prepared === undefined) {
    throw new Error("The examination was not prepared.");
  }
  return prepared;
}

/** A stack with nothing wrong. */
export const well = (): Seen => ready().well;

/** Other certificates for its host, and one for another host. */
export const served = (): Served => ready().served;

/** The healthy stack with the first object of a source changed. */
export function withFirst(source: Source, changes: Json): Seen {
  const [first, ...rest] = well()[source] as unknown as readonly unknown[];
  return { ...well(), [source]: [merge(first, changes), ...rest] };
}

/** The healthy stack with more objects of a source. */
export function withMore(source: Source, ...objects: readonly unknown[]): Seen {
  return {
    ...well(),
    [source]: [...(well()[source] as unknown as readonly unknown[]), ...objects],
  };
}

/** What is found. */
export function found(seen: Seen): readonly Finding[] {
  return examine({ seen, denied: new Map() }, context, false).findings;
}

/** A fault: what to change, and what is then found: check, severity, where, and words of what and fix. */
export type Fault = readonly [
  title: string,
  plant: () => Seen,
  check: string,
  severity: Finding["severity"],
  where: string,
  what: RegExp,
  fix: RegExp,
];

/** Plants each fault alone. */
export function findsEach(faults: readonly Fault[]): void {
  before(prepare);
  for (const [title, plant, check, severity, where, what, fix] of faults) {
    it(`finds ${title}, and nothing else`, () => {
      const findings = found(plant());
      expect(findings.map((each) => [each.check, each.severity, each.where])).to.deep.equal([
        [check, severity, where],
      ]);
      expect(findings[0]?.what).to.match(what);
      expect(findings[0]?.fix).to.match(fix);
      expect(findings[0]?.why).to.not.equal("");
    });
  }
}

/** Shows what looks like a fault and is none. */
export function saysNothingOf(fine: readonly (readonly [title: string, seen: () => Seen])[]): void {
  for (const [title, seen] of fine) {
    it(`says nothing of ${title}`, () => {
      expect(found(seen())).to.deep.equal([]);
    });
  }
}
