import type { Bytes } from "../../../sim/kernel/index.ts";

/** How a link's header is written: Ethernet's, that of a capture on all links, or not at all (a tunnel of IP). */
export type LinkType = "EN10MB" | "LINUX_SLL2" | "RAW";

/** A captured frame with its fields, as a filter sees it. */
export class Frame {
  readonly bytes: Bytes;
  readonly linkType: LinkType;
  /** On the wire; `bytes` may be less. */
  readonly length: number;
  /** Who it is for (PACKET_…). */
  readonly type: number;
  readonly etherType: number;
  readonly vlan: number | undefined;
  /** Where the link's payload begins. */
  readonly network: number;
  readonly version: 4 | 6 | undefined;
  /** Of IP; -1 for what is none. */
  readonly protocol: number;
  readonly transport: number;
  /** A fragment behind the first. */
  readonly later: boolean;

  constructor(bytes: Bytes, linkType: LinkType, length = bytes.length, type = 0) {
    this.bytes = bytes;
    this.linkType = linkType;
    this.length = length;
    const cooked = linkType === "LINUX_SLL2";
    this.type = cooked ? this.u8(10) : type;
    const raw = linkType === "RAW";
    let etherType = raw ? (this.u8(0) >> 4 === 6 ? 0x86dd : 0x0800) : this.u16(cooked ? 0 : 12);
    let network = raw ? 0 : cooked ? 20 : 14;
    let vlan: number | undefined;
    if (etherType === 0x8100) {
      vlan = this.u16(network) & 0xfff;
      etherType = this.u16(network + 2);
      network += 4;
    }
    this.etherType = etherType;
    this.vlan = vlan;
    this.network = network;
    this.version = etherType === 0x0800 ? 4 : etherType === 0x86dd ? 6 : undefined;
    if (this.version === 4) {
      this.protocol = this.u8(network + 9);
      this.transport = network + (this.u8(network) & 15) * 4;
      this.later = (this.u16(network + 6) & 0x1fff) !== 0;
    } else {
      this.protocol = this.version === 6 ? this.u8(network + 6) : -1;
      this.transport = network + 40;
      this.later = false;
    }
  }

  /** The Ethernet address that it goes to. */
  get destination(): Bytes {
    return this.linkType === "EN10MB" ? this.bytes.slice(0, 6) : "";
  }

  get source(): Bytes {
    if (this.linkType === "RAW") return "";
    return this.linkType === "EN10MB" ? this.bytes.slice(6, 12) : this.bytes.slice(12, 18);
  }

  get sport(): number {
    return this.u16(this.transport);
  }

  get dport(): number {
    return this.u16(this.transport + 2);
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

  /** Undefined behind the end. */
  number(at: number, size: number): number | undefined {
    if (at + size > this.bytes.length) return undefined;
    return size === 1 ? this.u8(at) : size === 2 ? this.u16(at) : this.u32(at);
  }
}
