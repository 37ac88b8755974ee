import type { Random } from "../kernel/index.ts";
import type { IPv6 } from "./ip.ts";

/** An Ethernet address as `ip` prints it: six pairs of lower-case hex digits. */
export type Mac = string;

export const BROADCAST_MAC: Mac = "ff:ff:ff:ff:ff:ff";
export const ZERO_MAC: Mac = "00:00:00:00:00:00";

/** A random address as the kernel draws one for veth and bridge: locally administered, unicast (eth_random_addr). */
export function randomMac(random: Random, stream: string): Mac {
  const bytes = Array.from({ length: 6 }, () => random.below(stream, 256));
  bytes[0] = (bytes[0]! & 0xfe) | 0x02;
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}

/** One to two hex digits a byte, as `ip link set address` takes them; undefined if it is not six bytes. */
export function parseMac(text: string): Mac | undefined {
  const parts = text.toLowerCase().split(":");
  if (parts.length !== 6 || !parts.every((part) => /^[0-9a-f]{1,2}$/.test(part))) return undefined;
  return parts.map((part) => part.padStart(2, "0")).join(":");
}

/** What a network card may be called: no group address, not all zeros (is_valid_ether_addr). */
export function isUnicastMac(mac: Mac): boolean {
  return mac !== ZERO_MAC && (Number.parseInt(mac.slice(0, 2), 16) & 1) === 0;
}

export function isGroupMac(mac: Mac): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
}

/** The IPv6 link-local address that a card gives itself (RFC 4291 appendix A, modified EUI-64). */
export function linkLocal(mac: Mac): IPv6 {
  const [a, b, c, d, e, f] = mac.split(":");
  const first = (Number.parseInt(a!, 16) ^ 2).toString(16).padStart(2, "0");
  return BigInt(`0xfe80000000000000${first}${b!}${c!}fffe${d!}${e!}${f!}`);
}
