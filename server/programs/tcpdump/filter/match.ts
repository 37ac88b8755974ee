import type { Address } from "../../../sim/net/index.ts";
import type { Frame } from "./frame.ts";

/** Which of a packet's two ends is meant. */
export type Ends = "src" | "dst" | "src or dst" | "src and dst";

type Test = (frame: Frame) => boolean;

function both(ends: Ends, source: boolean, destination: () => boolean): boolean {
  if (ends === "src") return source;
  if (ends === "dst") return destination();
  return ends === "src and dst" ? source && destination() : source || destination();
}

export function etherAddress(mac: string, ends: Ends): Test {
  const bytes = mac
    .split(":")
    .map((pair) => String.fromCharCode(Number.parseInt(pair, 16)))
    .join("");
  return (frame) => both(ends, frame.source === bytes, () => frame.destination === bytes);
}

export function addressFilter(address: Address, protocol: string | undefined, ends: Ends): Test {
  return typeof address === "number"
    ? netFilter(address, undefined, -1, protocol, ends)
    : netFilter(address, 128, undefined, protocol, ends);
}

/** IPv4 by a mask, which ARP's addresses are compared with too; IPv6 by a length. */
export function netFilter(
  address: Address,
  length: number | undefined,
  mask: number | undefined,
  protocol: string | undefined,
  ends: Ends,
): Test {
  if (typeof address === "bigint") return net6(address, length ?? 128, ends);
  const bits = mask ?? -1;
  const wanted = address & bits;
  const at = (frame: Frame, offset: number): boolean => (frame.u32(frame.network + offset) & bits) === wanted;
  return (frame) => {
    if (frame.version === 4 && (protocol === undefined || protocol === "ip"))
      return both(ends, at(frame, 12), () => at(frame, 16));
    const arp = frame.etherType === 0x0806 && (protocol === undefined || protocol === "arp");
    const rarp = frame.etherType === 0x8035 && (protocol === undefined || protocol === "rarp");
    return (arp || rarp) && both(ends, at(frame, 14), () => at(frame, 24));
  };
}

function net6(address: bigint, length: number, ends: Ends): Test {
  const shift = BigInt(128 - length);
  const wanted = address >> shift;
  const at = (frame: Frame, offset: number): boolean => {
    let value = 0n;
    for (let word = 0; word < 4; word++) value = (value << 32n) | BigInt(frame.u32(frame.network + offset + word * 4));
    return value >> shift === wanted;
  };
  return (frame) => frame.version === 6 && both(ends, at(frame, 8), () => at(frame, 24));
}
