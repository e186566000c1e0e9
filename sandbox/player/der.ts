/**
 * The part of DER (X.690) that a certificate is written in. Node's crypto reads certificates but does not write them; the
 * libraries that do bring twenty packages and a polyfill of the global Reflect object for the one certificate made here.
 */

/** A value with its tag and length before it. */
function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content), content]);
}

function lengthOf({ length }: Buffer): Buffer {
  if (length < 0x80) {
    return Buffer.from([length]);
  }
  const hex = length.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

/** SEQUENCE. */
export function sequence(...parts: readonly Buffer[]): Buffer {
  return element(0x30, ...parts);
}

/** SET. */
export function set(...parts: readonly Buffer[]): Buffer {
  return element(0x31, ...parts);
}

/** INTEGER that is not negative, from big-endian bytes. */
export function integer(bytes: Buffer): Buffer {
  const needsSign = ((bytes[0] ?? 0) & 0x80) !== 0;
  return element(0x02, needsSign ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
}

/** BOOLEAN true; false is never written in DER where it is the default. */
export const yes = element(0x01, Buffer.of(0xff));

/** NULL. */
export const nothing = element(0x05);

/** OBJECT IDENTIFIER in dotted notation. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const arcs = [first * 40 + second, ...rest];
  return element(0x06, Buffer.from(arcs.flatMap(base128)));
}

function base128(arc: number): readonly number[] {
  const digits = [arc & 0x7f];
  for (let rest = arc >>> 7; rest > 0; rest >>>= 7) {
    digits.unshift((rest & 0x7f) | 0x80);
  }
  return digits;
}

/** UTF8String. */
export function utf8(text: string): Buffer {
  return element(0x0c, Buffer.from(text));
}

/** UTCTime, which ends in 2049; GeneralizedTime after that (RFC 5280, 4.1.2.5). */
export function time(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/[-:T]|\..*/g, "");
  return date.getUTCFullYear() < 2050
    ? element(0x17, Buffer.from(`${digits.slice(2)}Z`))
    : element(0x18, Buffer.from(`${digits}Z`));
}

/** BIT STRING of whole bytes, or with unused bits at the end. */
export function bits(content: Buffer, unused = 0): Buffer {
  return element(0x03, Buffer.of(unused), content);
}

/** OCTET STRING. */
export function octets(content: Buffer): Buffer {
  return element(0x04, content);
}

/** A context-specific tag around other elements. */
export function explicit(tag: number, ...parts: readonly Buffer[]): Buffer {
  return element(0xa0 | tag, ...parts);
}

/** A context-specific tag in the place of a primitive value's own. */
export function implicit(tag: number, content: Buffer): Buffer {
  return element(0x80 | tag, content);
}
