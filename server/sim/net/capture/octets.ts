import type { Bytes } from "../../kernel/index.ts";
import type { Address } from "../ip.ts";
import type { Mac } from "../mac.ts";

/** Numbers in network byte order. */
export function u8(value: number): Bytes {
  return String.fromCharCode(value & 0xff);
}

export function u16(value: number): Bytes {
  return String.fromCharCode((value >>> 8) & 0xff, value & 0xff);
}

export function u32(value: number): Bytes {
  return String.fromCharCode((value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}

export function macBytes(mac: Mac): Bytes {
  let out = "";
  for (let at = 0; at < 6; at++) out += u8(Number.parseInt(mac.slice(at * 3, at * 3 + 2) || "0", 16));
  return out;
}

/** 4 or 16 bytes. */
export function addressBytes(address: Address): Bytes {
  if (typeof address === "number") return u32(address);
  let out = "";
  for (let shift = 112n; shift >= 0n; shift -= 16n) out += u16(Number((address >> shift) & 0xffffn));
  return out;
}

/** The one's complement sum of 16-bit words, folded and not yet complemented (RFC 1071). */
export function sum16(bytes: Bytes, start = 0): number {
  let sum = start;
  for (let at = 0; at + 1 < bytes.length; at += 2) sum += (bytes.charCodeAt(at) << 8) | bytes.charCodeAt(at + 1);
  if (bytes.length & 1) sum += bytes.charCodeAt(bytes.length - 1) << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return sum;
}

export function checksum(bytes: Bytes, start = 0): number {
  return ~sum16(bytes, start) & 0xffff;
}

/** The sum over the pseudo header of TCP, UDP and ICMPv6. */
export function pseudoSum(src: Address, dst: Address, protocol: number, length: number): number {
  return sum16(addressBytes(src) + addressBytes(dst) + u32(length) + u32(protocol));
}

/** A number that looks drawn by lot and is the same for the same words (FNV-1a with a last mix). */
export function scatter(...words: readonly (number | string | bigint)[]): number {
  let hash = 0x811c9dc5;
  for (const word of words) {
    const text = String(word);
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    hash = Math.imul(hash ^ 0x2f, 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
