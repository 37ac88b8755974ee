import { icmp6 } from "./icmp6.ts";
import { hex, type Envelope, type Octets, type Printing } from "./printing.ts";
import { transport, type Inner } from "./transport.ts";

const NEXT: Readonly<Record<number, string>> = { 0: "Options", 6: "TCP", 17: "UDP", 44: "Fragment", 58: "ICMPv6", 59: "No next header" }; // prettier-ignore

/** IPv6 (print-ip6.c). */
export function ipv6(bytes: Octets, _length: number, printing: Printing, inner: Inner): string {
  const start = printing.ether ? "" : "IP6 ";
  if (bytes.length < 40) return `${start} [|ip6]`;
  const next = bytes.u8(6);
  const length = bytes.u16(4);
  const envelope: Envelope = {
    src: bytes.ipv6(8),
    dst: bytes.ipv6(24),
    ends: bytes.bytes.slice(8, 40),
    version: 6,
    fragment: false,
  };
  const heading = printing.verbose > 0 ? verbose(bytes, next, length) : "";
  const body = bytes.slice(40, 40 + length);
  return `${start}${heading}${carried(next, body, length, envelope, printing, inner)}`;
}

function verbose(bytes: Octets, next: number, length: number): string {
  const flow = bytes.u32(0) & 0xf_ffff;
  const traffic = (bytes.u32(0) >>> 20) & 0xff;
  const parts = [
    ...(traffic === 0 ? [] : [`class 0x${hex(traffic, 2)}`]),
    ...(flow === 0 ? [] : [`flowlabel 0x${hex(flow, 5)}`]),
    `hlim ${bytes.u8(7)}`,
  ];
  return `(${parts.join(", ")}, next-header ${NEXT[next] ?? "unknown"} (${next}) payload length: ${length}) `;
}

function carried(
  next: number,
  body: Octets,
  length: number,
  envelope: Envelope,
  printing: Printing,
  inner: Inner,
): string {
  if (next === 6 || next === 17) return transport(next, body, length, envelope, printing, inner);
  const ends = `${printing.host(envelope.src)} > ${printing.host(envelope.dst)}: `;
  if (next === 58) return ends + icmp6(body, length, envelope, printing);
  return `${ends}ip-proto-${next} ${length}`;
}
