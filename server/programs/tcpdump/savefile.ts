import type { Bytes } from "../../sim/kernel/index.ts";
import type { LinkType } from "./filter/frame.ts";

/** A packet with the time at which it was captured, in microseconds. */
export interface SavedPacket {
  readonly time: number;
  readonly bytes: Bytes;
  readonly length: number;
}

export interface Savefile {
  readonly linkType: LinkType;
  readonly snapLength: number;
  readonly packets: readonly SavedPacket[];
  /** The last packet is not all there. */
  readonly truncated: boolean;
}

const LINK_TYPES: Readonly<Record<number, LinkType>> = { 1: "EN10MB", 101: "RAW", 276: "LINUX_SLL2" };
const NUMBERS: Readonly<Record<LinkType, number>> = { EN10MB: 1, RAW: 101, LINUX_SLL2: 276 };

function little(value: number, size = 4): Bytes {
  let out = "";
  for (let at = 0; at < size; at++) out += String.fromCharCode(Math.floor(value / 256 ** at) % 256);
  return out;
}

/** The header of a file (pcap-savefile(5)), as a machine with the low byte first writes it. */
export function fileHeader(linkType: LinkType, snapLength: number): Bytes {
  return `\xd4\xc3\xb2\xa1\x02\0\x04\0${"\0".repeat(8)}${little(snapLength)}${little(NUMBERS[linkType])}`;
}

export function packetRecord({ time, bytes, length }: SavedPacket): Bytes {
  const whole = Math.floor(time);
  return (
    little(Math.floor(whole / 1_000_000)) + little(whole % 1_000_000) + little(bytes.length) + little(length) + bytes
  );
}

/** Undefined if it is no such file. */
export function readSavefile(bytes: Bytes): Savefile | undefined {
  const magic = bytes.slice(0, 4);
  const nano = magic === "\x4d\x3c\xb2\xa1" || magic === "\xa1\xb2\x3c\x4d";
  const low = magic === "\xd4\xc3\xb2\xa1" || magic === "\x4d\x3c\xb2\xa1";
  if (!low && magic !== "\xa1\xb2\xc3\xd4" && !nano) return undefined;
  const number = (at: number): number => {
    let value = 0;
    for (let step = 0; step < 4; step++) value = value * 256 + (bytes.charCodeAt(at + (low ? 3 - step : step)) || 0);
    return value;
  };
  const linkType = LINK_TYPES[number(20) & 0xffff];
  if (linkType === undefined) return undefined;
  const packets: SavedPacket[] = [];
  let at = 24;
  while (at + 16 <= bytes.length) {
    const size = number(at + 8);
    if (at + 16 + size > bytes.length) break;
    const time = number(at) * 1_000_000 + number(at + 4) / (nano ? 1000 : 1);
    packets.push({ time, bytes: bytes.slice(at + 16, at + 16 + size), length: number(at + 12) });
    at += 16 + size;
  }
  return { linkType, snapLength: number(16), packets, truncated: at < bytes.length };
}
