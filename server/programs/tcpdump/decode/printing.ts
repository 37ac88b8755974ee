import type { Bytes } from "../../../sim/kernel/index.ts";

/** How packets are to be printed, and what is known while one is. */
export interface Printing {
  readonly ether: boolean;
  readonly verbose: number;
  readonly quiet: boolean;
  readonly absolute: boolean;
  /** Addresses and ports as numbers. */
  readonly numeric: boolean;
  /** Checksums are not looked at (-K). */
  readonly unchecked: boolean;
  host(address: string): string;
  port(port: number, protocol: "tcp" | "udp"): string;
  /** What a conversation's numbers count from. */
  readonly conversations: Map<string, { seq: number; ack: number }>;
}

export class Octets {
  readonly bytes: Bytes;

  constructor(bytes: Bytes) {
    this.bytes = bytes;
  }

  get length(): number {
    return this.bytes.length;
  }

  u8(at: number): number {
    return at < this.bytes.length ? this.bytes.charCodeAt(at) : 0;
  }

  u16(at: number): number {
    return (this.u8(at) << 8) | this.u8(at + 1);
  }

  u32(at: number): number {
    return ((this.u16(at) << 16) | this.u16(at + 2)) >>> 0;
  }

  from(at: number): Octets {
    return new Octets(this.bytes.slice(at));
  }

  slice(from: number, to: number): Octets {
    return new Octets(this.bytes.slice(from, to));
  }

  mac(at: number): string {
    return Array.from({ length: 6 }, (_, index) =>
      this.u8(at + index)
        .toString(16)
        .padStart(2, "0"),
    ).join(":");
  }

  ipv4(at: number): string {
    return `${this.u8(at)}.${this.u8(at + 1)}.${this.u8(at + 2)}.${this.u8(at + 3)}`;
  }

  ipv6(at: number): string {
    const groups = Array.from({ length: 8 }, (_, index) => this.u16(at + index * 2).toString(16));
    return shortest(groups);
  }
}

/** The longest run of zero groups, of two or more, becomes `::` (RFC 5952). */
function shortest(groups: readonly string[]): string {
  let [best, length] = [-1, 1];
  for (let at = 0; at < 8; at++) {
    let end = at;
    while (end < 8 && groups[end] === "0") end++;
    if (end - at > length) [best, length] = [at, end - at];
  }
  if (best < 0) return groups.join(":");
  return `${groups.slice(0, best).join(":")}::${groups.slice(best + length).join(":")}`;
}

export function hex(value: number, width = 0): string {
  return value.toString(16).padStart(width, "0");
}

/** The one's complement sum of a message with what stands before it. */
export function internetSum(bytes: Bytes, start = 0): number {
  let sum = start;
  for (let at = 0; at < bytes.length; at += 2)
    sum += (bytes.charCodeAt(at) << 8) | (at + 1 < bytes.length ? bytes.charCodeAt(at + 1) : 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return sum;
}

/** Where a packet came from and goes to, for the lines and the sums of what it carries. */
export interface Envelope {
  readonly src: string;
  readonly dst: string;
  /** Both addresses as they stand in the header. */
  readonly ends: Bytes;
  readonly version: 4 | 6;
  /** It is a piece of a longer packet, so that its sum cannot be checked. */
  readonly fragment: boolean;
}

export function pseudoSum({ ends }: Envelope, protocol: number, length: number): number {
  return internetSum(ends) + protocol + length;
}
