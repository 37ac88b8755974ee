import ipaddr from "ipaddr.js";

/** An IPv4 address: its 32 bits as a signed integer, so that V8 keeps it unboxed and bit operations need no correction. */
export type IPv4 = number;

/** An IPv6 address: its 128 bits. */
export type IPv6 = bigint;

/** Both kinds compare with `===` and are keys of a Map. Rows hold addresses as text; this is what the walk carries. */
export type Address = IPv4 | IPv6;

export interface Prefix<A extends Address = Address> {
  readonly address: A;
  readonly length: number;
}

/** Four decimal numbers, nothing shorter: what `inet_aton` takes besides is the business of the program that reads it. */
export function parseIPv4(text: string): IPv4 | undefined {
  let value = 0;
  let octet = -1;
  let dots = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x2e) {
      if (octet < 0 || ++dots > 3) return undefined;
      value = (value << 8) | octet;
      octet = -1;
    } else {
      if (code < 0x30 || code > 0x39) return undefined;
      octet = (octet < 0 ? 0 : octet * 10) + code - 0x30;
      if (octet > 255) return undefined;
    }
  }
  return dots === 3 && octet >= 0 ? (value << 8) | octet : undefined;
}

export function parseIPv6(text: string): IPv6 | undefined {
  if (!text.includes(":") || text.includes("%") || !ipaddr.IPv6.isValid(text)) return undefined;
  return ipaddr.IPv6.parse(text).parts.reduce((value, part) => (value << 16n) | BigInt(part), 0n);
}

export function parseAddress(text: string): Address | undefined {
  return text.includes(":") ? parseIPv6(text) : parseIPv4(text);
}

/** The address that a row holds. Rows are written by us, so text that is none is a bug. */
export function address(text: string): Address {
  const value = parseAddress(text);
  if (value === undefined) throw new Error(`not an address: ${text}`);
  return value;
}

export function ipv4(text: string): IPv4 {
  const value = parseIPv4(text);
  if (value === undefined) throw new Error(`not an IPv4 address: ${text}`);
  return value;
}

export function isIPv4(value: Address): value is IPv4 {
  return typeof value === "number";
}

/** As the tools print it: dotted quad, or RFC 5952. */
export function addressText(value: Address): string {
  if (typeof value === "number")
    return `${value >>> 24}.${(value >>> 16) & 0xff}.${(value >>> 8) & 0xff}.${value & 0xff}`;
  const parts: number[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) parts.push(Number((value >> shift) & 0xffffn));
  return new ipaddr.IPv6(parts).toString();
}

/** `10.244.0.0/16`; undefined if it is not that. Bits behind the prefix are kept. */
export function parsePrefix(text: string): Prefix | undefined {
  const slash = text.indexOf("/");
  const value = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (value === undefined) return undefined;
  const width = typeof value === "number" ? 32 : 128;
  if (slash < 0) return { address: value, length: width };
  const digits = text.slice(slash + 1);
  const length = /^\d{1,3}$/.test(digits) ? Number(digits) : -1;
  return length >= 0 && length <= width ? { address: value, length } : undefined;
}

export function prefixText(prefix: Prefix): string {
  return `${addressText(prefix.address)}/${prefix.length}`;
}

/** The network mask of an IPv4 prefix length. */
export function mask(length: number): IPv4 {
  return length === 0 ? 0 : -1 << (32 - length);
}

/** The address with all bits behind the prefix cleared. */
export function networkOf<A extends Address>(value: A, length: number): A;
export function networkOf(value: Address, length: number): Address {
  if (typeof value === "number") return value & mask(length);
  const shift = BigInt(128 - length);
  return (value >> shift) << shift;
}

export function contains(prefix: Prefix, value: Address): boolean {
  if (typeof value === "number")
    return typeof prefix.address === "number" && ((value ^ prefix.address) & mask(prefix.length)) === 0;
  if (typeof prefix.address === "number") return false;
  const shift = BigInt(128 - prefix.length);
  return value >> shift === prefix.address >> shift;
}

export function broadcastOf(value: IPv4, length: number): IPv4 {
  return value | ~mask(length);
}

/** Order of addresses as unsigned numbers, IPv4 first. */
export function compareAddresses(a: Address, b: Address): number {
  if (typeof a === "number") return typeof b === "number" ? (a >>> 0) - (b >>> 0) : -1;
  if (typeof b === "number") return 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

export function isLoopback(value: Address): boolean {
  return typeof value === "number" ? value >>> 24 === 127 : value === 1n;
}

export function isMulticast(value: Address): boolean {
  return typeof value === "number" ? value >>> 28 === 0xe : value >> 120n === 0xffn;
}

/** 0.0.0.0/8: "this network", never a real source or destination. */
export function isZeroNetwork(value: IPv4): boolean {
  return value >>> 24 === 0;
}

export const ANY: IPv4 = 0;
export const ANY6: IPv6 = 0n;
export const BROADCAST: IPv4 = -1;
