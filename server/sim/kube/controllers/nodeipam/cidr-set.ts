import ipaddr from "ipaddr.js";

/** The equal parts of a range, by number (pkg/controller/nodeipam/ipam/cidrset). */
export class CidrSet {
  /** How many parts there are. */
  readonly size: number;
  readonly #range: ipaddr.IPv4 | ipaddr.IPv6;
  readonly #length: number;
  readonly #mask: number;

  /** `10.244.0.0/16` in parts of /24. */
  constructor(cidr: string, mask: number) {
    const [range, length] = ipaddr.parseCIDR(cidr);
    this.#range = range;
    this.#length = length;
    this.#mask = mask;
    // Upstream has no more than 2^16 parts of an IPv6 range either.
    this.size = mask < length ? 0 : 2 ** Math.min(mask - length, 16);
  }

  get ipv6(): boolean {
    return this.#range.kind() === "ipv6";
  }

  part(index: number): string {
    const bytes = this.#range.toByteArray();
    let value = 0n;
    for (const byte of bytes) value = (value << 8n) | BigInt(byte);
    const bits = BigInt(bytes.length * 8);
    const host = bits - BigInt(this.#length);
    const base = (value >> host) << host;
    const address = base + (BigInt(index) << (bits - BigInt(this.#mask)));
    const octets = bytes.map((_, at) => Number((address >> (bits - 8n - 8n * BigInt(at))) & 0xffn));
    return `${ipaddr.fromByteArray(octets).toString()}/${this.#mask}`;
  }
}
