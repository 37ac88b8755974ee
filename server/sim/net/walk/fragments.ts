import type { Packet } from "./packet.ts";

/** Of the IP header, which every fragment has. */
const HEADER = 20;

/**
 * Cuts a packet that is larger than its link (ip_do_fragment): all but the last carry a multiple of eight bytes, and none is
 * larger than those that it came in.
 */
export function cut(packet: Packet, mtu: number): void {
  const { size, segments, bytes, fragmentSize } = packet;
  const largest = fragmentSize > 0 && fragmentSize < mtu ? fragmentSize : mtu;
  const room = (largest - HEADER) & ~7;
  const pieces = Math.ceil((size - HEADER) / room);
  packet.whole = { size, segments, bytes };
  packet.size = room + HEADER;
  packet.segments = segments * pieces;
  packet.bytes = bytes + HEADER * segments * (pieces - 1);
}

/** Puts fragments together again: where they are delivered, and where connections are tracked (ip_defrag). */
export function reassemble(packet: Packet): void {
  const { whole } = packet;
  if (!whole) return;
  packet.fragmentSize = packet.size;
  packet.size = whole.size;
  packet.segments = whole.segments;
  packet.bytes = whole.bytes;
  packet.whole = undefined;
}
