import { calendar, pad, type Time } from "../../kernel/index.ts";

/** Distinguished Encoding Rules (X.690): what certificates, requests and keys are made of. Every function returns one encoded value. */
export type Der = Uint8Array<ArrayBuffer>;

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** A value of any tag from parts that are already encoded. */
export function tagged(tag: number, ...parts: readonly Uint8Array[]): Der {
  let length = 0;
  for (const part of parts) length += part.length;
  const head = length < 0x80 ? [tag, length] : [tag, 0x80 | byteCount(length), ...bigEndian(length)];
  const out = new Uint8Array(head.length + length);
  out.set(head);
  let at = head.length;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function sequence(...parts: readonly Uint8Array[]): Der {
  return tagged(TAG.sequence, ...parts);
}

/** SET OF: the encodings in ascending order, as DER asks for. */
export function setOf(...parts: readonly Uint8Array[]): Der {
  return tagged(TAG.set, ...parts.toSorted((a, b) => Buffer.compare(a, b)));
}

/** `[n]`, constructed: an explicit tag around a value, or an implicit one around the values of a sequence. */
export function context(n: number, ...parts: readonly Uint8Array[]): Der {
  return tagged(0xa0 | n, ...parts);
}

/** `[n]`, primitive: an implicit tag in place of the value's own. */
export function contextPrimitive(n: number, content: Uint8Array): Der {
  return tagged(0x80 | n, content);
}

export function boolean(value: boolean): Der {
  return Uint8Array.of(TAG.boolean, 1, value ? 0xff : 0);
}

export function nullValue(): Der {
  return Uint8Array.of(TAG.null, 0);
}

/** A non-negative integer in the fewest bytes, with a zero in front where the first bit would read as a sign. */
export function integer(value: bigint | number): Der {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  return bytes[0]! >= 0x80 ? tagged(TAG.integer, Uint8Array.of(0), bytes) : tagged(TAG.integer, bytes);
}

export function octetString(content: Uint8Array): Der {
  return tagged(TAG.octetString, content);
}

export function bitString(content: Uint8Array, unusedBits = 0): Der {
  return tagged(TAG.bitString, Uint8Array.of(unusedBits), content);
}

/** Named bits, the first one highest, without trailing zero bits (X.690 11.2.2). */
export function bitFlags(flags: readonly boolean[]): Der {
  const last = flags.lastIndexOf(true);
  if (last < 0) return bitString(new Uint8Array());
  const bytes = new Uint8Array((last >> 3) + 1);
  for (let at = 0; at <= last; at++) if (flags[at]) bytes[at >> 3]! |= 0x80 >> (at & 7);
  return bitString(bytes, 7 - (last & 7));
}

const identifiers = new Map<string, Der>();

/** A dotted object identifier, as `2.5.4.3`. */
export function oid(dotted: string): Der {
  let encoded = identifiers.get(dotted);
  if (!encoded) {
    encoded = encodeOid(dotted);
    if (identifiers.size < 100) identifiers.set(dotted, encoded);
  }
  return encoded;
}

function encodeOid(dotted: string): Der {
  const [first, second, ...rest] = dotted.split(".").map(Number) as [number, number, ...number[]];
  const bytes: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const groups = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return tagged(TAG.oid, Uint8Array.from(bytes));
}

const PRINTABLE = /^[A-Za-z0-9 '()+,\-./:=?]*$/;

/** Text of a distinguished name: a PrintableString where the text allows it, else a UTF8String (Go encoding/asn1 makeField). */
export function nameText(text: string): Der {
  return tagged(PRINTABLE.test(text) ? TAG.printableString : TAG.utf8String, Buffer.from(text, "utf8"));
}

/** `YYMMDDhhmmssZ` for the years 1950 to 2049 and `YYYYMMDDhhmmssZ` for others (RFC 5280 4.1.2.5). Whole seconds. */
export function time(at: Time): Der {
  const { year, month, day, hour, minute, second } = calendar(at);
  const rest = [month, day, hour, minute, second].map((part) => pad(part, 2)).join("");
  return year >= 1950 && year < 2050
    ? tagged(TAG.utcTime, Buffer.from(`${pad(year % 100, 2)}${rest}Z`, "latin1"))
    : tagged(TAG.generalizedTime, Buffer.from(`${pad(year, 4)}${rest}Z`, "latin1"));
}

function byteCount(length: number): number {
  return bigEndian(length).length;
}

function bigEndian(value: number): number[] {
  const bytes: number[] = [];
  for (let left = value; left > 0; left = Math.floor(left / 256)) bytes.unshift(left & 0xff);
  return bytes;
}
